package dev.gatehouse.gateway.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gatehouse.gateway.cli.ListCommand.Column;
import dev.gatehouse.registry.AgentKeys;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code gatehouse agent}: keys for agents, and the agents of a running gateway. */
@Command(
    name = "agent",
    description = "Make keys; list the registered agents; end a suspension.",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {
      AgentCommand.Key.class,
      AgentCommand.ListAll.class,
      AgentCommand.Reactivate.class
    })
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

  @Command(
      name = "reactivate",
      description = "Let an agent go on that the gateway suspended because it drifted.",
      mixinStandardHelpOptions = true)
  static final class Reactivate implements Callable<Integer> {
    @Mixin private AdminClient admin = new AdminClient();

    @Parameters(paramLabel = "NAME", description = "The agent's id.")
    private String name = "";

    @Option(
        names = "--reason",
        paramLabel = "TEXT",
        required = true,
        description = "Kept in the record.")
    private String reason = "";

    @Option(names = "--json", description = "Print the answer as JSON.")
    private boolean json;

    @Override
    public Integer call() {
      if (!name.matches("[A-Za-z0-9._-]+")) {
        throw new CliException("'" + name + "' is no agent's id");
      }
      JsonNode answer =
          admin.post("/admin/v1/agents/" + name + "/reactivate", Map.of("reason", reason));
      System.out.println(json ? answer : "reactivated: " + name);
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
