package dev.gatehouse.gateway.rows;

import dev.gatehouse.audit.index.AuditIndex;
import dev.gatehouse.audit.index.RowQuery;
import dev.gatehouse.audit.index.RowQuery.Criterion;
import dev.gatehouse.audit.read.RowFile;
import dev.gatehouse.audit.read.RowPlace;
import dev.gatehouse.audit.row.StoredRow;
import dev.gatehouse.core.registry.AgentId;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** An agent's last calls, found by the index and read from the record, on virtual threads. */
public final class LastCalls {

  private static final int CALLS = 10;

  /** Intents and outcomes, and what else names the agent. */
  private static final int ROWS = 5 * CALLS;

  private final Path dir;

  /**
   * @param dir the audit directory, whose index is kept up to date by somebody else
   */
  public LastCalls(Path dir) {
    this.dir = dir;
  }

  /** The newest first, as plain JSON trees. Does not block. */
  public CompletionStage<List<Map<String, Object>>> of(AgentId agent) {
    return CompletableFuture.supplyAsync(() -> read(agent), task -> Thread.ofVirtual().start(task));
  }

  private List<Map<String, Object>> read(AgentId agent) {
    try (AuditIndex index = AuditIndex.open(dir)) {
      List<Map<String, Object>> calls = new ArrayList<>();
      RowFile rows = new RowFile(dir);
      RowQuery query = RowQuery.last(ROWS).with(Criterion.AGENT, agent.value());
      for (RowPlace place : index.find(query).places().reversed()) {
        Optional<StoredRow> row = rows.read(place);
        if (calls.size() < CALLS && row.isPresent() && isIntent(row.get())) {
          calls.add(view(place, row.get()));
        }
      }
      return calls;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static boolean isIntent(StoredRow row) {
    return "intent".equals(row.fields().get("type"));
  }

  private static Map<String, Object> view(RowPlace place, StoredRow row) {
    Map<String, Object> fields = row.fields();
    Map<String, Object> tree = new LinkedHashMap<>();
    tree.put("row", place.name());
    tree.put("at", row.at().toString());
    tree.put("what", what(fields));
    tree.put("operation_type", fields.getOrDefault("operation_type", ""));
    tree.put("verdict", fields.getOrDefault("verdict", ""));
    tree.put("rule", fields.getOrDefault("rule", ""));
    if (fields.get("risk") instanceof Map<?, ?> risk && risk.get("total") instanceof Number total) {
      tree.put("risk", total);
    }
    return tree;
  }

  private static Object what(Map<String, Object> fields) {
    for (String member : List.of("tool", "model", "name")) {
      if (fields.get(member) instanceof String text) {
        return text;
      }
    }
    return fields.getOrDefault("connector", "");
  }
}
