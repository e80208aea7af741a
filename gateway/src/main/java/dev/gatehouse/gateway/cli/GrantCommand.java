package dev.gatehouse.gateway.cli;

import static dev.gatehouse.gateway.cli.ListOptions.cell;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gatehouse.gateway.cli.ListCommand.Column;
import java.util.Map;
import java.util.StringJoiner;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code gatehouse grant}: what agents may do for a while without asking. */
@Command(
    name = "grant",
    description = "List the temporary grants that are open; end one before its time.",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {GrantCommand.ListOpen.class, GrantCommand.Revoke.class})
final class GrantCommand {

  private GrantCommand() {}

  @Command(name = "list", description = "List the open grants.", mixinStandardHelpOptions = true)
  static final class ListOpen extends ListCommand {
    ListOpen() {
      super(
          "grants",
          "grants",
          "No grant is open.",
          Column.of("ID", "id"),
          Column.of("AGENT", "agent"),
          new Column("OPENS", GrantCommand::scope),
          Column.of("TARGET", "target"),
          Column.of("UNTIL", "expires_at"),
          Column.of("APPROVED BY", "approved_by"),
          Column.of("AT NODE", "node"),
          Column.of("WHY", "why"));
    }
  }

  private static String scope(JsonNode grant) {
    StringJoiner types = new StringJoiner(",");
    grant.path("operation_types").forEach(type -> types.add(type.asText()));
    return types + " " + cell(grant, "connector") + "." + grant.path("operation").asText("*");
  }

  @Command(name = "revoke", description = "End a grant at once.", mixinStandardHelpOptions = true)
  static final class Revoke implements Callable<Integer> {
    @Mixin private AdminClient admin = new AdminClient();

    @Parameters(paramLabel = "ID")
    private String id = "";

    @Option(
        names = "--reason",
        paramLabel = "TEXT",
        required = true,
        description = "Kept in the record.")
    private String reason = "";

    @Override
    public Integer call() {
      if (!id.matches("[A-Za-z0-9_]{1,64}")) {
        throw new CliException(
            "a grant's id looks like grn_…; list them with: gatehouse grant list");
      }
      JsonNode answer = admin.post("/admin/v1/grants/" + id + "/revoke", Map.of("reason", reason));
      System.out.println("revoked: " + cell(answer, "revoked"));
      return 0;
    }
  }
}
