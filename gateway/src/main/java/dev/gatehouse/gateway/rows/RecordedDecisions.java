package dev.gatehouse.gateway.rows;

import dev.gatehouse.audit.chain.StreamName;
import dev.gatehouse.audit.row.StoredRow;
import dev.gatehouse.gateway.rows.RecordedRows.Body;
import dev.gatehouse.policy.record.Recomputation;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.DateTimeException;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongConsumer;

/**
 * All decisions of a record made again, once its rows are known to be sound. Reads them twice: the
 * rules that judged a call may stand in another stream than the call. Blocks on the disk.
 */
public final class RecordedDecisions {

  private static final int PROGRESS_ROWS = 1 << 16;

  /**
   * What came out.
   *
   * @param openings of grants that were looked behind
   * @param withManifest how many calls were held against their agents' manifests
   * @param difference the first decision that came out otherwise, with its row; empty when none did
   */
  public record Result(
      Recomputation.Summary summary,
      Recomputation.Openings openings,
      long withManifest,
      Optional<String> difference) {}

  private final Recomputation recomputation = new Recomputation();
  private final LongConsumer progress;
  private Optional<String> difference = Optional.empty();
  private long rows;

  private RecordedDecisions(LongConsumer progress) {
    this.progress = progress;
  }

  /**
   * Judges them.
   *
   * @param progress hears every 65,536 rows how many were read
   */
  public static Result of(RecordedRows rows, LongConsumer progress) throws IOException {
    return new RecordedDecisions(progress).run(rows);
  }

  private Result run(RecordedRows source) throws IOException {
    source.each((row, _) -> readable(row, () -> learn(row)));
    if (difference.isEmpty()) {
      source.each((row, body) -> readable(row, () -> judge(row, body)));
    }
    return new Result(
        recomputation.summary(),
        recomputation.openings(),
        recomputation.withManifest(),
        difference);
  }

  private interface Step {
    boolean take() throws IOException;
  }

  /** A sound record may still hold what no gateway writes, such as a day that no week has. */
  private boolean readable(StoredRow row, Step step) throws IOException {
    try {
      return step.take();
    } catch (IllegalArgumentException | DateTimeException e) {
      difference = Optional.of(at(row) + "what it says cannot be: " + e.getMessage());
      return false;
    }
  }

  private static String at(StoredRow row) {
    return "stream " + row.receipt().stream() + ", seq " + row.receipt().seq() + ": ";
  }

  private boolean learn(StoredRow row) {
    String json = row.json();
    recomputation.reaches(node(row), row.at());
    if (json.contains("\"event\":\"governance.")
        || json.contains("\"event\":\"grant.")
        || json.contains("\"operation\":\"request_grant\"")) {
      recomputation.learn(row.fields(), node(row));
    }
    return true;
  }

  private static String node(StoredRow row) {
    String stream = row.receipt().stream();
    return StreamName.parse(stream).map(StreamName::node).orElse(stream);
  }

  private boolean judge(StoredRow row, Body body) throws IOException {
    if (++rows % PROGRESS_ROWS == 0) {
      progress.accept(rows);
    }
    boolean opening = row.json().contains("\"event\":\"grant.opened\"");
    if (!opening && !row.json().contains("\"type\":\"intent\"")) {
      return true;
    }
    difference =
        (opening
                ? recomputation.judgeOpening(row.fields(), node(row))
                : judged(row.fields(), node(row), body))
            .map(problem -> at(row) + problem);
    return difference.isEmpty();
  }

  private Optional<String> judged(Map<String, Object> fields, String node, Body body)
      throws IOException {
    try {
      return recomputation.judge(fields, node, body.argumentsOf(fields));
    } catch (UncheckedIOException e) {
      throw new IOException(e.getMessage(), e);
    }
  }
}
