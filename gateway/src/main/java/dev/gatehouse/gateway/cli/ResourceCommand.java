package dev.gatehouse.gateway.cli;

import static dev.gatehouse.gateway.cli.ListOptions.cell;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code gatehouse resource}: the resources and templates of a running gateway. */
@Command(
    name = "resource",
    description = "List the resources and templates that upstreams offer.",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND",
    subcommands = ResourceCommand.ListAll.class)
final class ResourceCommand {

  private ResourceCommand() {}

  @Command(
      name = "list",
      description = "List resources and templates with the connector that serves each.",
      mixinStandardHelpOptions = true)
  static final class ListAll implements Callable<Integer> {
    @Mixin private AdminClient admin = new AdminClient();
    @Mixin private ListOptions options = new ListOptions();

    @Override
    public Integer call() {
      JsonNode answer = admin.get("/admin/v1/resources");
      if (!options.printed(answer)) {
        Table table = new Table("URI", "KIND", "CONNECTOR", "CLASS", "TIER");
        for (JsonNode row : answer.path("resources")) {
          table.add(
              cell(row, "name"),
              cell(row, "kind"),
              cell(row, "connector"),
              cell(row, "connector_class"),
              cell(row, "target_tier"));
        }
        table.print(System.out, "No upstream offers a resource.");
      }
      return 0;
    }
  }
}
