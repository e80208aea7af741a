package dev.gatehouse.gateway.cli;

import static dev.gatehouse.gateway.cli.ListOptions.cell;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gatehouse.gateway.cli.ListCommand.Column;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code gatehouse upstream}: the authorizations of a running gateway at its upstreams. */
@Command(
    name = "upstream",
    description = "List the upstreams that want OAuth tokens; authorize the gateway at one.",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {UpstreamCommand.ListAll.class, UpstreamCommand.Authorize.class})
final class UpstreamCommand {

  private UpstreamCommand() {}

  @Command(
      name = "list",
      description = "List upstreams with auth, and whether the gateway has tokens for them.",
      mixinStandardHelpOptions = true)
  static final class ListAll extends ListCommand {
    ListAll() {
      super(
          "upstreams",
          "upstreams",
          "No upstream has auth.",
          Column.of("UPSTREAM", "name"),
          Column.of("AUTHORIZED BY", "authorized_by"),
          new Column(
              "STATE", row -> row.path("authorized").asBoolean() ? "authorized" : "no token"));
    }
  }

  @Command(
      name = "authorize",
      description =
          "Authorize the gateway at an upstream: prints a URL for your browser and waits until the"
              + " browser comes back to this machine.",
      mixinStandardHelpOptions = true)
  static final class Authorize implements Callable<Integer> {

    private static final Duration PATIENCE = Duration.ofMinutes(10);

    @Mixin private AdminClient admin = new AdminClient();

    @Parameters(paramLabel = "NAME", description = "The upstream's name in the config.")
    private String name = "";

    @Option(
        names = "--port",
        paramLabel = "PORT",
        defaultValue = "0",
        description = "The port of the redirect URI; any free one when 0, the default.")
    private int port;

    @Override
    public Integer call() {
      try (RedirectListener listener = RedirectListener.open(port)) {
        JsonNode begun =
            admin.post(
                path("authorize"), Map.of("redirect_uri", listener.redirectUri().toString()));
        System.out.println("Visit this in your browser:\n\n  " + cell(begun, "url") + "\n");
        System.out.flush();
        URI redirect = listener.await(PATIENCE);
        admin.post(path("complete"), Map.of("redirect", redirect.toString()));
        System.out.println(name + " is authorized");
        return 0;
      }
    }

    private String path(String verb) {
      if (!name.matches("[A-Za-z0-9][A-Za-z0-9_-]{0,31}")) {
        throw new CliException("'" + name + "' is no name of an upstream");
      }
      return "/admin/v1/upstreams/" + name + "/" + verb;
    }
  }
}
