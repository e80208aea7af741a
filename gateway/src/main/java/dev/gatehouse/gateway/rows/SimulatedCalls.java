package dev.gatehouse.gateway.rows;

import dev.gatehouse.audit.row.StoredRow;
import dev.gatehouse.gateway.rows.RecordedRows.Body;
import dev.gatehouse.policy.record.Simulation;
import dev.gatehouse.policy.record.Simulation.Changed;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A simulation over the rows of a record. Reads them twice, as {@link RecordedDecisions} does.
 * Blocks on the disk.
 */
public final class SimulatedCalls {

  private static final int PROGRESS_CALLS = 1 << 12;

  /** Hears how far it is. */
  public interface Progress {
    void at(long calls, long of);
  }

  /** A call that would come to something else, and its row. */
  public record ChangedCall(String row, Instant at, Changed changed) {}

  private final Simulation simulation;
  private final Instant since;
  private final int shownMax;
  private final Progress progress;
  private final List<ChangedCall> shown = new ArrayList<>();
  private long all;
  private long seen;

  private SimulatedCalls(Simulation simulation, Instant since, int shownMax, Progress progress) {
    this.simulation = simulation;
    this.since = since;
    this.shownMax = shownMax;
    this.progress = progress;
  }

  /**
   * Runs it.
   *
   * @param since calls before then are left out
   * @param shownMax how many changed calls are returned, the oldest first
   * @param progress hears every 4,096 calls
   */
  public static List<ChangedCall> run(
      Simulation simulation, RecordedRows rows, Instant since, int shownMax, Progress progress)
      throws IOException {
    SimulatedCalls calls = new SimulatedCalls(simulation, since, shownMax, progress);
    rows.each((row, _) -> calls.learn(row));
    rows.each(calls::judge);
    return calls.shown;
  }

  private boolean learn(StoredRow row) {
    if (row.json().contains("\"event\":\"governance.")) {
      simulation.learn(row.fields());
    }
    all += isCall(row) ? 1 : 0;
    return true;
  }

  private boolean judge(StoredRow row, Body body) throws IOException {
    if (!isCall(row)) {
      return true;
    }
    if (++seen % PROGRESS_CALLS == 0) {
      progress.at(seen, all);
    }
    Map<String, Object> fields = row.fields();
    if (!"intent".equals(fields.get("type"))) {
      return true;
    }
    judged(fields, body)
        .filter(_ -> shown.size() < shownMax)
        .ifPresent(
            changed ->
                shown.add(
                    new ChangedCall(
                        row.receipt().stream() + "/" + row.receipt().seq(), row.at(), changed)));
    return true;
  }

  private Optional<Changed> judged(Map<String, Object> fields, Body body) throws IOException {
    try {
      return simulation.judge(fields, body.argumentsOf(fields));
    } catch (UncheckedIOException e) {
      throw new IOException(e.getMessage(), e);
    }
  }

  private boolean isCall(StoredRow row) {
    return !row.at().isBefore(since) && row.json().contains("\"type\":\"intent\"");
  }
}
