package dev.gatehouse.gateway.cli;

import static dev.gatehouse.gateway.cli.ListOptions.cell;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code gatehouse provider}: the LLM providers of a running gateway. */
@Command(
    name = "provider",
    description = "List the LLM providers and their health.",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND",
    subcommands = ProviderCommand.ListAll.class)
final class ProviderCommand {

  private ProviderCommand() {}

  @Command(
      name = "list",
      description = "List providers with breaker states.",
      mixinStandardHelpOptions = true)
  static final class ListAll implements Callable<Integer> {
    @Mixin private AdminClient admin = new AdminClient();
    @Mixin private ListOptions options = new ListOptions();

    @Override
    public Integer call() {
      JsonNode answer = admin.get("/admin/v1/providers");
      if (!options.printed(answer)) {
        Table table = new Table("PROVIDER", "MODEL", "STATE", "FAILURES", "UNTIL");
        for (JsonNode row : answer.path("providers")) {
          table.add(
              cell(row, "provider"),
              cell(row, "model"),
              cell(row, "state"),
              cell(row, "failures"),
              cell(row, "until"));
        }
        table.print(System.out, "No provider was called yet, or none is configured.");
      }
      return 0;
    }
  }
}
