package dev.gatehouse.gateway.cli;

import dev.gatehouse.gateway.cli.ListCommand.Column;
import picocli.CommandLine.Command;

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
  static final class ListAll extends ListCommand {
    ListAll() {
      super(
          "resources",
          "resources",
          "No upstream offers a resource.",
          Column.of("URI", "name"),
          Column.of("KIND", "kind"),
          Column.of("CONNECTOR", "connector"),
          Column.of("CLASS", "connector_class"),
          Column.of("TIER", "target_tier"));
    }
  }
}
