package dev.gatehouse.gateway.rows;

import dev.gatehouse.audit.read.AuditReader;
import dev.gatehouse.audit.read.AuditReader.Start;
import dev.gatehouse.audit.row.StoredRow;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The rows about one LLM call: its intent, its outcome, and the routing configs that were put on
 * record before it.
 */
public final class LlmCallRows {

  private final Map<String, Map<String, Object>> routings = new HashMap<>();
  private Map<String, Object> intent = Map.of();
  private Map<String, Object> outcome = Map.of();
  private Instant outcomeAt = Instant.EPOCH;

  private LlmCallRows() {}

  /**
   * Finds the call that a row belongs to; reads the stream from its beginning.
   *
   * @throws IOException when there is no such row, it belongs to no call, or the call has no
   *     outcome; the message says which
   */
  public static LlmCallRows find(Path dir, String stream, long seq) throws IOException {
    String lineage = lineage(dir, stream);
    String call = callOf(dir, lineage, stream, seq);
    LlmCallRows rows = new LlmCallRows();
    try (AuditReader reader = AuditReader.open(dir, lineage, new Start.At(stream, 0))) {
      Optional<StoredRow> row = reader.poll();
      while (row.isPresent() && rows.outcome.isEmpty()) {
        rows.take(row.get(), stream, call);
        row = reader.poll();
      }
    }
    if (rows.outcome.isEmpty()) {
      throw new IOException("call " + call + " of row " + seq + ": " + rows.whyNoOutcome());
    }
    if (rows.routings.isEmpty()) {
      rows.takeRoutings(dir, lineage);
    }
    return rows;
  }

  /** The rows of the process, which stand with another retention class than the call's. */
  private void takeRoutings(Path dir, String callLineage) throws IOException {
    for (String lineage : AuditReader.lineages(dir)) {
      if (!lineage.equals(callLineage) && node(lineage).equals(node(callLineage))) {
        try (AuditReader reader = AuditReader.unhashed(dir, lineage, new Start.Oldest())) {
          Optional<StoredRow> row = reader.poll();
          while (row.isPresent() && row.get().at().compareTo(outcomeAt) <= 0) {
            if (row.get().json().contains("\"llm.routing\"")) {
              keepRouting(row.get().fields());
            }
            row = reader.poll();
          }
        }
      }
    }
  }

  /** A class has no dash in its name. */
  private static String node(String lineage) {
    return lineage.substring(0, lineage.lastIndexOf('-'));
  }

  private static String lineage(Path dir, String stream) throws IOException {
    for (String lineage : AuditReader.lineages(dir)) {
      try (AuditReader reader = AuditReader.open(dir, lineage, new Start.At(stream, 0))) {
        if (reader.poll().isPresent()) {
          return lineage;
        }
      } catch (IOException e) {
        // a stream of another lineage
      }
    }
    throw new IOException("no stream " + stream + " at " + dir);
  }

  private static String callOf(Path dir, String lineage, String stream, long seq)
      throws IOException {
    try (AuditReader reader = AuditReader.open(dir, lineage, new Start.At(stream, seq))) {
      StoredRow row =
          reader
              .poll()
              .filter(found -> found.receipt().seq() == seq)
              .filter(found -> found.receipt().stream().equals(stream))
              .orElseThrow(() -> new IOException("stream " + stream + " has no row " + seq));
      Map<String, Object> fields = row.fields();
      if (fields.get("call_id") instanceof String call) {
        return call;
      }
      throw new IOException(
          "row " + seq + " of " + stream + " is about no call: " + fields.get("type"));
    }
  }

  private void take(StoredRow row, String stream, String call) {
    if (!row.receipt().stream().equals(stream)) {
      return;
    }
    if (row.json().contains("\"llm.routing\"")) {
      keepRouting(row.fields());
    } else if (row.json().contains(call)) {
      Map<String, Object> fields = row.fields();
      if (call.equals(fields.get("call_id"))) {
        switch (String.valueOf(fields.get("type"))) {
          case "intent" -> intent = fields;
          case "outcome" -> {
            outcome = fields;
            outcomeAt = row.at();
          }
          default -> {}
        }
      }
    }
  }

  @SuppressWarnings("unchecked") // members of a JSON object are named by strings
  private void keepRouting(Map<String, Object> event) {
    if ("llm.routing".equals(event.get("event"))
        && event.get("digest") instanceof String digest
        && event.get("config") instanceof Map<?, ?> config) {
      routings.put(digest, (Map<String, Object>) config);
    }
  }

  private String whyNoOutcome() {
    if (intent.isEmpty()) {
      return "it is not on record";
    }
    Object verdict = intent.get("verdict");
    return "allow".equals(verdict)
        ? "it has no outcome yet"
        : "its verdict was " + verdict + " (" + intent.get("rule") + "), so nobody was asked";
  }

  /** The outcome row. */
  public Map<String, Object> outcome() {
    return outcome;
  }

  /** A text of the intent row; empty when it has none of that name. */
  public String intentText(String name) {
    return intent.get(name) instanceof String text ? text : "";
  }

  /** The routing config of that digest, if it was on record before the outcome. */
  public Optional<Map<String, Object>> routing(String digest) {
    return Optional.ofNullable(routings.get(digest));
  }
}
