package dev.gatehouse.gateway.cli;

import dev.gatehouse.audit.index.AuditIndex;
import dev.gatehouse.audit.index.RowPage;
import dev.gatehouse.audit.index.RowQuery;
import dev.gatehouse.audit.index.RowQuery.Criterion;
import dev.gatehouse.audit.personal.Reveal;
import dev.gatehouse.audit.read.RowFile;
import dev.gatehouse.audit.read.RowPlace;
import dev.gatehouse.audit.row.StoredRow;
import dev.gatehouse.gateway.rows.RowText;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code gatehouse audit query}: rows by what they say, found by the index. */
@Command(
    name = "query",
    description = {
      "Find rows by what they say. Prints the newest that match, the oldest of them first; brings"
          + " the index up to date before, whether the gateway runs or not."
    },
    mixinStandardHelpOptions = true)
final class AuditQueryCommand implements Callable<Integer> {

  @Mixin private AuditPlace place = new AuditPlace();

  @Mixin private RowFilter filter = new RowFilter();

  @Option(
      names = "--since",
      paramLabel = "TIME",
      description = "From then on: 90s, 15m, 1h, 7d ago; or 2026-01-31, 2026-01-31T12:00:00Z.")
  private @Nullable String since;

  @Option(names = "--until", paramLabel = "TIME", description = "Before then.")
  private @Nullable String until;

  @Option(
      names = "--limit",
      paramLabel = "N",
      description = "At most so many rows, up to 10000 (default: ${DEFAULT-VALUE}).")
  private int limit = 100;

  @Option(
      names = "--before",
      paramLabel = "STREAM/SEQ",
      description = "Only rows in front of this one: the next page.")
  private @Nullable String before;

  @Option(names = "--json", description = "One JSON row a line, with its place under \"audit\".")
  private boolean json;

  @Override
  public Integer call() throws IOException {
    RowQuery query = query();
    Path dir = place.dir();
    try (AuditIndex index = AuditIndex.open(dir)) {
      boolean whole = caughtUp(index);
      RowPage page = index.find(query);
      print(dir, page);
      if (page.more()) {
        System.err.println(
            "more rows match; the page before: --before " + page.places().getFirst().name());
      }
      return whole ? 0 : 1;
    } catch (IllegalArgumentException e) {
      throw new CliException(String.valueOf(e.getMessage()), e);
    }
  }

  /** Damage ends the index, and does not keep anybody from asking about what lies before it. */
  private static boolean caughtUp(AuditIndex index) {
    try {
      index.catchUp(AuditIndexCommand.progress());
      return true;
    } catch (IOException e) {
      System.err.println("gatehouse: rows are missing below: " + e.getMessage());
      return false;
    } finally {
      AuditIndexCommand.endProgress();
    }
  }

  private RowQuery query() {
    try {
      RowQuery query = RowQuery.last(limit);
      for (Map.Entry<Criterion, String> each : filter.criteria().entrySet()) {
        query = query.with(each.getKey(), each.getValue());
      }
      PastTime time = new PastTime(Clock.systemUTC());
      query = since == null ? query : query.from(time.read("--since", since));
      query = until == null ? query : query.to(time.read("--until", until));
      return before == null ? query : query.before(before);
    } catch (IllegalArgumentException e) {
      throw new CliException(String.valueOf(e.getMessage()), e);
    }
  }

  private void print(Path dir, RowPage page) throws IOException {
    RowFile rows = new RowFile(dir);
    Reveal reveal = Reveal.of(dir);
    Table table = new Table("TIME", "ROW", "TYPE", "AGENT", "CALL", "VERDICT", "BY");
    for (RowPlace each : page.places()) {
      StoredRow stored =
          rows.read(each)
              .orElseThrow(
                  () ->
                      new CliException(
                          "row "
                              + each.name()
                              + " is not where the index says; try: gatehouse audit verify, and:"
                              + " gatehouse audit index --rebuild"));
      StoredRow row = reveal.row(stored);
      if (json) {
        System.out.println(RowFilter.json(row));
      } else {
        table.add(cells(each, row).toArray(String[]::new));
      }
    }
    if (!json) {
      table.print(System.out, "no rows match");
    }
  }

  private static List<String> cells(RowPlace place, StoredRow row) {
    Map<String, Object> fields = row.fields();
    List<String> cells = new ArrayList<>(List.of(row.at().toString(), place.name()));
    cells.add(first(fields, "event", "type"));
    cells.add(first(fields, "agent"));
    cells.add(first(fields, "tool", "model", "name", "connector"));
    cells.add(first(fields, "outcome", "verdict"));
    cells.add(first(fields, "provider_used", "rule", "error_kind"));
    return cells;
  }

  private static String first(Map<String, Object> fields, String... names) {
    for (String name : names) {
      if (fields.get(name) instanceof String text && !text.isEmpty()) {
        return RowText.shown(text);
      }
    }
    return "";
  }
}
