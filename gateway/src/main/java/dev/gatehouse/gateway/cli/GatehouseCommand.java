package dev.gatehouse.gateway.cli;

import dev.gatehouse.gateway.Version;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;
import picocli.CommandLine.IVersionProvider;

/** The root of the command line. */
@Command(
    name = "gatehouse",
    description = "A governed gateway between AI agents and everything they touch.",
    mixinStandardHelpOptions = true,
    versionProvider = GatehouseCommand.VersionLine.class,
    synopsisSubcommandLabel = "COMMAND",
    footer = {"", "First time here? Run: gatehouse demo"},
    subcommands = {
      DemoCommand.class,
      StartCommand.class,
      CheckCommand.class,
      ScanCommand.class,
      SchemaCommand.class,
      StatusCommand.class,
      AuditCommand.class,
      PolicyCommand.class,
      AgentCommand.class,
      ApprovalCommand.class,
      GrantCommand.class,
      ProviderCommand.class,
      LlmCommand.class,
      ToolCommand.class,
      LimitsCommand.class,
      UpstreamCommand.class,
      ResourceCommand.class,
      PromptCommand.class,
      TokenCommand.class,
      KillSwitchCommand.class,
      HelpCommand.class
    })
public final class GatehouseCommand implements Runnable {

  @CommandLine.Spec private CommandLine.Model.@org.jspecify.annotations.Nullable CommandSpec spec;

  /** Runs one command; returns the exit code. */
  public static int run(String... arguments) {
    return new CommandLine(new GatehouseCommand())
        .setExecutionExceptionHandler(GatehouseCommand::failed)
        .execute(arguments);
  }

  private static int failed(Exception cause, CommandLine command, CommandLine.ParseResult parsed) {
    // Of its own kind an IOException is ours, and says it all; others need the name of what
    // happened.
    boolean speaksForItself =
        cause instanceof CliException || cause.getClass() == java.io.IOException.class;
    String message = speaksForItself ? String.valueOf(cause.getMessage()) : cause.toString();
    command.getErr().println(command.getColorScheme().errorText("gatehouse: " + message));
    return 1;
  }

  @Override
  public void run() {
    java.util.Objects.requireNonNull(spec).commandLine().usage(System.out);
  }

  static final class VersionLine implements IVersionProvider {
    @Override
    public String[] getVersion() {
      return new String[] {"gatehouse " + Version.text()};
    }
  }
}
