package dev.gatehouse.gateway.cli;

import static dev.gatehouse.gateway.cli.ListOptions.cell;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gatehouse.gateway.cli.ListCommand.Column;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code gatehouse approval}: the calls that wait for a person. */
@Command(
    name = "approval",
    description = "List, show, approve and deny calls that wait for a person.",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {
      ApprovalCommand.ListPending.class,
      ApprovalCommand.Show.class,
      ApprovalCommand.Approve.class,
      ApprovalCommand.Deny.class
    })
final class ApprovalCommand {

  private ApprovalCommand() {}

  private static final String PATH = "/admin/v1/approvals";

  @Command(name = "list", description = "List the open questions.", mixinStandardHelpOptions = true)
  static final class ListPending extends ListCommand {
    ListPending() {
      super(
          "approvals",
          "approvals",
          "No call waits for approval.",
          Column.of("ID", "id"),
          Column.of("AGENT", "agent"),
          Column.of("TOOL", "tool"),
          new Column("RISK", row -> cell(row.path("risk"), "total")),
          Column.of("EXPIRES", "expires_at"),
          Column.of("WHY", "reason"));
    }
  }

  @Command(
      name = "show",
      description =
          "Show one question: complete arguments, what would change, reasons, risk, votes.",
      mixinStandardHelpOptions = true)
  static final class Show implements Callable<Integer> {
    @Mixin private AdminClient admin = new AdminClient();

    @Parameters(paramLabel = "ID")
    private String id = "";

    @Option(names = "--json", description = "Print JSON.")
    private boolean json;

    @Override
    public Integer call() {
      JsonNode question = admin.get(PATH + "/" + segment(id));
      if (json) {
        System.out.println(question.toPrettyString());
      } else {
        ApprovalPage.print(question, System.out);
      }
      return 0;
    }
  }

  @Command(
      name = "approve",
      description = "Approve exactly that call, once.",
      mixinStandardHelpOptions = true)
  static final class Approve implements Callable<Integer> {
    @Mixin private AdminClient admin = new AdminClient();

    @Parameters(paramLabel = "ID")
    private String id = "";

    @Option(names = "--reason", paramLabel = "TEXT", description = "Kept in the record.")
    private String reason = "";

    @Override
    public Integer call() {
      return vote(admin, id, "approve", reason);
    }
  }

  @Command(
      name = "deny",
      description = "Deny that call; a reason is required.",
      mixinStandardHelpOptions = true)
  static final class Deny implements Callable<Integer> {
    @Mixin private AdminClient admin = new AdminClient();

    @Parameters(paramLabel = "ID")
    private String id = "";

    @Option(
        names = "--reason",
        paramLabel = "TEXT",
        required = true,
        description = "Told to the agent and kept in the record.")
    private String reason = "";

    @Override
    public Integer call() {
      return vote(admin, id, "deny", reason);
    }
  }

  private static int vote(AdminClient admin, String id, String verb, String reason) {
    JsonNode answer = admin.post(PATH + "/" + segment(id) + "/" + verb, Map.of("reason", reason));
    String by = cell(answer, "decided_by");
    System.out.println(
        cell(answer, "id")
            + " is "
            + cell(answer, "state")
            + (by.isEmpty()
                ? "; approved by "
                    + answer.path("approved_by").size()
                    + " of "
                    + cell(answer, "quorum")
                : " by " + by));
    return 0;
  }

  private static String segment(String id) {
    if (!id.matches("[A-Za-z0-9_]{1,64}")) {
      throw new CliException(
          "an approval id looks like apr_…; list them with: gatehouse approval list");
    }
    return id;
  }
}
