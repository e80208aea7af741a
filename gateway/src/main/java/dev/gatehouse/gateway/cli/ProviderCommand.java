package dev.gatehouse.gateway.cli;

import dev.gatehouse.gateway.cli.ListCommand.Column;
import picocli.CommandLine.Command;

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
  static final class ListAll extends ListCommand {
    ListAll() {
      super(
          "providers",
          "providers",
          "No provider was called yet, or none is configured.",
          Column.of("PROVIDER", "provider"),
          Column.of("MODEL", "model"),
          Column.of("STATE", "state"),
          Column.of("FAILURES", "failures"),
          Column.of("UNTIL", "until"));
    }
  }
}
