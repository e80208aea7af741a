package dev.gatehouse.gateway.cli;

import static dev.gatehouse.gateway.cli.ListOptions.cell;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code gatehouse tool}: the tools of a running gateway. */
@Command(
    name = "tool",
    description = "List the tools that upstreams offer.",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND",
    subcommands = ToolCommand.ListAll.class)
final class ToolCommand {

  private ToolCommand() {}

  @Command(
      name = "list",
      description = "List tools with what they do and where that is known from.",
      mixinStandardHelpOptions = true)
  static final class ListAll implements Callable<Integer> {
    @Mixin private AdminClient admin = new AdminClient();
    @Mixin private ListOptions options = new ListOptions();

    @Override
    public Integer call() {
      JsonNode answer = admin.get("/admin/v1/tools");
      if (!options.printed(answer)) {
        Table table = new Table("TOOL", "OPERATION", "KNOWN FROM", "CLASS", "TIER");
        for (JsonNode row : answer.path("tools")) {
          table.add(
              cell(row, "name"),
              cell(row, "operation_type"),
              cell(row, "operation_source"),
              cell(row, "connector_class"),
              cell(row, "target_tier"));
        }
        table.print(System.out, "No upstream offers a tool.");
      }
      return 0;
    }
  }
}
