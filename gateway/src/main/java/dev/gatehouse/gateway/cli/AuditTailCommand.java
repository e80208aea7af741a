package dev.gatehouse.gateway.cli;

import dev.gatehouse.audit.index.AuditIndex;
import dev.gatehouse.audit.index.RowCriteria;
import dev.gatehouse.audit.index.RowQuery;
import dev.gatehouse.audit.index.RowQuery.Criterion;
import dev.gatehouse.audit.personal.Reveal;
import dev.gatehouse.audit.read.AuditReader;
import dev.gatehouse.audit.read.AuditReader.Start;
import dev.gatehouse.audit.read.RowFile;
import dev.gatehouse.audit.read.RowPlace;
import dev.gatehouse.audit.row.StoredRow;
import dev.gatehouse.gateway.rows.RowText;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code gatehouse audit tail}. */
@Command(
    name = "tail",
    description = {
      "Print the last rows, and follow the log with -f: every node and retention class that writes"
          + " here, over restarts. Works on files, whether the gateway runs or not."
    },
    mixinStandardHelpOptions = true)
final class AuditTailCommand implements Callable<Integer> {

  private static final Duration POLL = Duration.ofMillis(100);

  @Mixin private AuditPlace place = new AuditPlace();
  @Mixin private RowFilter filter = new RowFilter();

  @Option(
      names = {"-f", "--follow"},
      description = "Go on as rows come; end with Ctrl-C.")
  private boolean follow;

  @Option(
      names = {"-n", "--rows"},
      paramLabel = "N",
      description =
          "How many rows to begin with: of the newest stream, or with filters of all that match"
              + " (default: ${DEFAULT-VALUE}).")
  private int rows = 20;

  @Option(names = "--all", description = "Begin with the oldest row.")
  private boolean all;

  @Option(names = "--json", description = "One JSON row a line, with its place under \"audit\".")
  private boolean json;

  private @Nullable Reveal reveal;
  private final Map<String, AuditReader> readers = new TreeMap<>();

  /** Up to which row of each stream rows were shown from the index. */
  private final Map<String, Long> shown = new HashMap<>();

  @Override
  public Integer call() throws IOException, InterruptedException {
    if (rows < 0 || rows > RowQuery.LIMIT_MAX) {
      throw new CliException("--rows: 0 to " + RowQuery.LIMIT_MAX + ", not " + rows);
    }
    Path dir = place.dir();
    reveal = Reveal.of(dir);
    Map<Criterion, String> wanted = filter.criteria();
    boolean byIndex = !wanted.isEmpty() && !all;
    try {
      open(dir, all ? new Start.Oldest() : new Start.Newest(byIndex ? 0 : rows));
      if (readers.isEmpty()) {
        throw new CliException("no rows at " + dir);
      }
      if (byIndex) {
        showMatching(dir, wanted);
      }
      show(dir, RowCriteria.of(wanted));
      return 0;
    } catch (IllegalArgumentException e) {
      throw new CliException(String.valueOf(e.getMessage()), e);
    } finally {
      for (AuditReader reader : readers.values()) {
        reader.close();
      }
    }
  }

  /** Opens what is not yet open: another node may begin to write here at any time. */
  private void open(Path dir, Start start) throws IOException {
    for (String lineage : AuditReader.lineages(dir)) {
      if (!readers.containsKey(lineage)) {
        readers.put(lineage, AuditReader.open(dir, lineage, start));
      }
    }
  }

  /** The last that match; the readers stand where they stood before the index looked. */
  private void showMatching(Path dir, Map<Criterion, String> wanted) throws IOException {
    if (rows == 0) {
      return;
    }
    RowQuery query = RowQuery.last(rows);
    for (Map.Entry<Criterion, String> each : wanted.entrySet()) {
      query = query.with(each.getKey(), each.getValue());
    }
    RowFile file = new RowFile(dir);
    try (AuditIndex index = AuditIndex.open(dir)) {
      index.catchUp(_ -> {});
      for (RowPlace found : index.find(query).places()) {
        Optional<StoredRow> row = file.read(found);
        if (row.isPresent()) {
          print(row.get());
          shown.merge(found.stream(), found.seq(), Math::max);
        }
      }
    }
  }

  private void show(Path dir, RowCriteria criteria) throws IOException, InterruptedException {
    while (true) {
      for (AuditReader reader : readers.values()) {
        for (var row = reader.poll(); row.isPresent(); row = reader.poll()) {
          if (criteria.test(row.get()) && !shownBefore(row.get())) {
            print(row.get());
          }
        }
      }
      if (!follow) {
        return;
      }
      TimeUnit.NANOSECONDS.sleep(POLL.toNanos());
      open(dir, new Start.Oldest());
    }
  }

  private boolean shownBefore(StoredRow row) {
    return row.receipt().seq() <= shown.getOrDefault(row.receipt().stream(), -1L);
  }

  private void print(StoredRow stored) throws IOException {
    StoredRow row = reveal == null ? stored : reveal.row(stored);
    System.out.println(json ? RowFilter.json(row) : RowText.line(row));
  }
}
