package dev.gatehouse.gateway.cli;

import dev.gatehouse.gateway.cli.ListCommand.Column;
import dev.gatehouse.registry.AgentKeys;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** {@code gatehouse agent}: keys for agents, and the agents of a running gateway. */
@Command(
    name = "agent",
    description = "Make keys; list the registered agents.",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {AgentCommand.Key.class, AgentCommand.ListAll.class})
final class AgentCommand {

  private AgentCommand() {}

  @Command(
      name = "key",
      description = "Make a key. It is printed once; the config keeps only its SHA-256.",
      mixinStandardHelpOptions = true)
  static final class Key implements Callable<Integer> {
    @Override
    public Integer call() {
      AgentKeys.GeneratedKey key = AgentKeys.generate();
      System.out.println(key.key());
      System.err.println(
          "Give the key to the agent; it is shown only now. In the config, under the agent:");
      System.err.println("    credentials:");
      System.err.println("      - sha256: " + key.digest().hex());
      return 0;
    }
  }

  @Command(name = "list", description = "List the agents.", mixinStandardHelpOptions = true)
  static final class ListAll extends ListCommand {
    ListAll() {
      super(
          "agents",
          "agents",
          "No agent is registered; add one to the config file under agents.",
          Column.of("AGENT", "id"),
          Column.of("STATUS", "status"),
          Column.of("OWNER", "owner"),
          Column.of("PURPOSE", "purpose"));
    }
  }
}
