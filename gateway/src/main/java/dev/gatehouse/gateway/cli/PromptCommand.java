package dev.gatehouse.gateway.cli;

import dev.gatehouse.gateway.cli.ListCommand.Column;
import picocli.CommandLine.Command;

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
  static final class ListAll extends ListCommand {
    ListAll() {
      super(
          "prompts",
          "prompts",
          "No upstream offers a prompt.",
          Column.of("PROMPT", "name"),
          Column.of("CONNECTOR", "connector"),
          Column.of("CLASS", "connector_class"),
          Column.of("TIER", "target_tier"));
    }
  }
}
