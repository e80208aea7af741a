package dev.gatehouse.gateway.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code gatehouse status}: how the running gateway is. */
@Command(
    name = "status",
    description = "Say how the running gateway is.",
    mixinStandardHelpOptions = true)
final class StatusCommand implements Callable<Integer> {

  @Mixin private AdminClient admin = new AdminClient();

  @Option(
      names = {"-q", "--quiet"},
      description = "Print nothing; exit 0 when it runs.")
  private boolean quiet;

  @Override
  public Integer call() {
    JsonNode answer = admin.get("/admin/v1/status");
    if (!quiet) {
      System.out.println(answer.toPrettyString());
    }
    return 0;
  }
}
