package dev.gatehouse.gateway.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code gatehouse audit expire}: removes rows whose day has come. */
@Command(
    name = "expire",
    description = {
      "Let the running gateway remove the rows, and the personal values, of streams whose day has"
          + " come and that nobody holds, oldest first. That they were there, and where they ended,"
          + " stays on record; checkpoints stay. See: gatehouse audit seal."
    },
    mixinStandardHelpOptions = true)
final class AuditExpireCommand implements Callable<Integer> {

  /** Each row is read once more before it goes. */
  private static final Duration TIMEOUT = Duration.ofMinutes(30);

  @Mixin private AdminClient admin = new AdminClient();

  @Option(names = "--json", description = "Print the answer as JSON.")
  private boolean json;

  @Override
  public Integer call() {
    JsonNode answer = admin.post("/admin/v1/audit/expire", Map.of(), TIMEOUT);
    if (json) {
      System.out.println(answer);
      return 0;
    }
    Table table = new Table("STREAM", "ROWS");
    for (JsonNode each : answer.path("streams")) {
      table.add(each.path("stream").asText(), "%,d".formatted(each.path("rows").asLong()));
    }
    table.print(System.out, "no stream's day has come");
    return 0;
  }
}
