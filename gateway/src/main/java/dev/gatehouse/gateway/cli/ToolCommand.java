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

/** {@code gatehouse tool}: the tools of a running gateway. */
@Command(
    name = "tool",
    description = "List the tools that upstreams offer; look at changed definitions, approve them.",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {ToolCommand.ListAll.class, ToolCommand.Diff.class, ToolCommand.Approve.class})
final class ToolCommand {

  private static final String QUARANTINE = "/admin/v1/tools/quarantine";

  private ToolCommand() {}

  @Command(
      name = "list",
      description = "List tools with what they do and where that is known from.",
      mixinStandardHelpOptions = true)
  static final class ListAll extends ListCommand {
    ListAll() {
      super(
          "tools",
          "tools",
          "No upstream offers a tool.",
          Column.of("TOOL", "name"),
          Column.of("OPERATION", "operation_type"),
          Column.of("KNOWN FROM", "operation_source"),
          Column.of("CLASS", "connector_class"),
          Column.of("TIER", "target_tier"),
          new Column(
              "STATE", row -> row.path("quarantined").asBoolean() ? "quarantined" : "approved"));
    }
  }

  @Command(
      name = "diff",
      description = "Show how definitions differ from the approved ones; exit 1 when any does.",
      mixinStandardHelpOptions = true)
  static final class Diff implements Callable<Integer> {
    @Mixin private AdminClient admin = new AdminClient();
    @Mixin private ListOptions options = new ListOptions();

    @Parameters(paramLabel = "TOOL", arity = "0..1", description = "Only this tool.")
    private String tool = "";

    @Override
    public Integer call() {
      JsonNode answer = admin.get(QUARANTINE);
      if (options.printed(answer)) {
        return answer.path("total").asInt() == 0 ? 0 : 1;
      }
      int shown = 0;
      for (JsonNode row : answer.path("tools")) {
        if (tool.isEmpty() || tool.equals(cell(row, "name"))) {
          DefinitionDiff.print(row, System.out);
          shown++;
        }
      }
      if (shown == 0) {
        System.out.println("No definition differs from the approved one.");
      }
      return shown == 0 ? 0 : 1;
    }
  }

  @Command(
      name = "approve",
      description = "Approve the definition that 'tool diff' shows, by its digest.",
      mixinStandardHelpOptions = true)
  static final class Approve implements Callable<Integer> {
    @Mixin private AdminClient admin = new AdminClient();

    @Parameters(paramLabel = "TOOL")
    private String tool = "";

    @Option(
        names = "--digest",
        paramLabel = "SHA256",
        required = true,
        description = "The digest that 'tool diff' shows; its first 12 digits are enough.")
    private String digest = "";

    @Option(names = "--reason", paramLabel = "TEXT", description = "Kept in the record.")
    private String reason = "";

    @Override
    public Integer call() {
      if (!digest.matches("[0-9a-f]{12,64}")) {
        throw new CliException(
            "--digest takes 12 to 64 hexadecimal digits of 'gatehouse tool diff'");
      }
      for (JsonNode row : admin.get(QUARANTINE).path("tools")) {
        if (cell(row, "name").equals(tool) && cell(row, "digest").startsWith(digest)) {
          admin.post(
              "/admin/v1/tools/" + tool + "/approve",
              Map.of("digest", cell(row, "digest"), "reason", reason));
          System.out.println(tool + " is approved as " + cell(row, "digest"));
          return 0;
        }
      }
      throw new CliException(
          "no tool " + tool + " of that digest waits; look again with: gatehouse tool diff");
    }
  }
}
