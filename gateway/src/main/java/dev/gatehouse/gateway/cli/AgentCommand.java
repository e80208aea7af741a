package dev.gatehouse.gateway.cli;

import static dev.gatehouse.gateway.cli.ListOptions.cell;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gatehouse.registry.AgentKeys;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

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
  static final class ListAll implements Callable<Integer> {
    @Mixin private AdminClient admin = new AdminClient();
    @Mixin private ListOptions options = new ListOptions();

    @Override
    public Integer call() {
      JsonNode answer = admin.get("/admin/v1/agents");
      if (!options.printed(answer)) {
        Table table = new Table("AGENT", "STATUS", "OWNER", "PURPOSE");
        for (JsonNode row : answer.path("agents")) {
          table.add(cell(row, "id"), cell(row, "status"), cell(row, "owner"), cell(row, "purpose"));
        }
        table.print(System.out, "No agent is registered; add one to the config file under agents.");
      }
      return 0;
    }
  }
}
