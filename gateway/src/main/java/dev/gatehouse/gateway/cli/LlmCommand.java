package dev.gatehouse.gateway.cli;

import picocli.CommandLine.Command;

/** {@code gatehouse llm}: LLM calls after the fact. Works on files; the gateway may run or not. */
@Command(
    name = "llm",
    description = "Decide recorded LLM calls again.",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND",
    subcommands = LlmReplayCommand.class)
final class LlmCommand {

  private LlmCommand() {}
}
