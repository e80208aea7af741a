package dev.gatehouse.gateway.cli;

import static dev.gatehouse.gateway.cli.ListOptions.cell;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code gatehouse policy versions}: what was published, and which of it holds. */
@Command(
    name = "versions",
    description = "List the versions of published policies, or print one.",
    mixinStandardHelpOptions = true)
final class PolicyVersionsCommand implements Callable<Integer> {

  @Mixin private AdminClient admin = new AdminClient();
  @Mixin private ListOptions options = new ListOptions();

  @Parameters(
      paramLabel = "VERSION",
      arity = "0..1",
      description = "Print its policies (default: list all versions).")
  private @Nullable Integer version;

  @Override
  public Integer call() {
    if (version != null && version < 1) {
      throw new CliException("VERSION is 1 or more, not " + version);
    }
    JsonNode answer =
        admin.get(
            version == null
                ? PolicyPublishCommand.PATH
                : PolicyPublishCommand.PATH + "/" + version);
    if (options.printed(answer)) {
      return 0;
    }
    if (version == null) {
      list(answer);
    } else {
      System.out.print(answer.path("text").asText());
    }
    return 0;
  }

  private static void list(JsonNode answer) {
    Table table = new Table("VERSION", "IN FORCE", "POLICIES", "AT", "BY", "REASON");
    for (JsonNode row : answer.path("versions")) {
      table.add(
          cell(row, "number"),
          row.path("in_force").asBoolean() ? "yes" : "",
          cell(row, "policies"),
          cell(row, "at"),
          cell(row, "by"),
          cell(row, "reason"));
    }
    table.print(
        System.out,
        "Nothing was published; the config's policies hold. See: policy publish --help");
  }
}
