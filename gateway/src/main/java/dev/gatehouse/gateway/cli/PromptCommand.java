package dev.gatehouse.gateway.cli;

import static dev.gatehouse.gateway.cli.ListOptions.cell;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code gatehouse prompt}: the prompts of a running gateway. */
@Command(
    name = "prompt",
    description = "List the prompts that upstreams offer.",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND",
    subcommands = PromptCommand.ListAll.class)
final class PromptCommand {

  private PromptCommand() {}

  @Command(
      name = "list",
      description = "List prompts with the connector that serves each.",
      mixinStandardHelpOptions = true)
  static final class ListAll implements Callable<Integer> {
    @Mixin private AdminClient admin = new AdminClient();
    @Mixin private ListOptions options = new ListOptions();

    @Override
    public Integer call() {
      JsonNode answer = admin.get("/admin/v1/prompts");
      if (!options.printed(answer)) {
        Table table = new Table("PROMPT", "CONNECTOR", "CLASS", "TIER");
        for (JsonNode row : answer.path("prompts")) {
          table.add(
              cell(row, "name"),
              cell(row, "connector"),
              cell(row, "connector_class"),
              cell(row, "target_tier"));
        }
        table.print(System.out, "No upstream offers a prompt.");
      }
      return 0;
    }
  }
}
