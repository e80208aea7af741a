package dev.gatehouse.gateway.cli;

import dev.gatehouse.gateway.cli.ListCommand.Column;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code gatehouse kill-switch}: stops calls at once. */
@Command(
    name = "kill-switch",
    description = "Stop all calls, or those of one agent, connector or label, at once.",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {
      KillSwitchCommand.Stop.class,
      KillSwitchCommand.Resume.class,
      KillSwitchDrillCommand.class,
      KillSwitchCommand.ListAll.class
    })
final class KillSwitchCommand {

  private static final String PATH = "/admin/v1/kill-switch";

  private KillSwitchCommand() {}

  @Command(
      name = "stop",
      description = "Refuse the calls of a scope from now on.",
      mixinStandardHelpOptions = true)
  static final class Stop implements Callable<Integer> {
    @Mixin private AdminClient admin = new AdminClient();

    @Parameters(
        paramLabel = "SCOPE",
        description = "all, agent:ID, connector:NAME or label:KEY=VALUE")
    private String scope = "";

    @Option(
        names = "--reason",
        paramLabel = "TEXT",
        required = true,
        description = "Told to agents and kept in the record.")
    private String reason = "";

    @Override
    public Integer call() {
      admin.post(PATH, Map.of("scope", tree(scope), "reason", reason));
      System.out.println("stopped: " + scope);
      return 0;
    }
  }

  @Command(
      name = "resume",
      description = "Let the calls of a scope pass again.",
      mixinStandardHelpOptions = true)
  static final class Resume implements Callable<Integer> {
    @Mixin private AdminClient admin = new AdminClient();

    @Parameters(paramLabel = "SCOPE")
    private String scope = "";

    @Option(
        names = "--reason",
        paramLabel = "TEXT",
        required = true,
        description = "Kept in the record.")
    private String reason = "";

    @Override
    public Integer call() {
      admin.delete(PATH, Map.of("scope", tree(scope), "reason", reason));
      System.out.println("resumed: " + scope);
      return 0;
    }
  }

  @Command(name = "list", description = "List what is stopped.", mixinStandardHelpOptions = true)
  static final class ListAll extends ListCommand {
    ListAll() {
      super(
          "kill-switch",
          "stops",
          "Nothing is stopped.",
          Column.of("SCOPE", "scope"),
          Column.of("REASON", "reason"),
          Column.of("BY", "by"),
          Column.of("SINCE", "since"));
    }
  }

  /** The scope as the API takes it. */
  static Map<String, Object> tree(String scope) {
    int colon = scope.indexOf(':');
    String kind = colon < 0 ? scope : scope.substring(0, colon);
    String value = scope.substring(colon + 1);
    return switch (kind) {
      case "all" -> Map.of("all", true);
      case "agent" -> Map.of("agent", value);
      case "connector" -> Map.of("connector", value);
      case "label" -> Map.of("labels", label(value));
      default -> throw unknown(scope);
    };
  }

  private static Map<String, String> label(String pair) {
    int equals = pair.indexOf('=');
    if (equals < 1) {
      throw unknown("label:" + pair);
    }
    return Map.of(pair.substring(0, equals), pair.substring(equals + 1));
  }

  private static CliException unknown(String scope) {
    return new CliException(
        "a scope is all, agent:ID, connector:NAME or label:KEY=VALUE, not '" + scope + "'");
  }
}
