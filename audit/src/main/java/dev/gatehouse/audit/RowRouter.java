package dev.gatehouse.audit;

import dev.gatehouse.core.audit.AuditLog;
import dev.gatehouse.core.audit.AuditReceipt;
import dev.gatehouse.core.audit.AuditRow;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Brings each row to the log of its retention class: that of its call while the call is open, or
 * that of its agent, or the one by default. Thread-safe; never blocks.
 *
 * @param <L> what takes the rows of a class
 */
final class RowRouter<L extends AuditLog> {

  private final Map<String, L> classes;
  private final L byDefault;
  private final boolean single;

  /** Calls that were allowed, by the log that has their intent; an agent's class may change. */
  private final Map<String, L> open = new ConcurrentHashMap<>();

  private volatile Map<String, L> ofAgents = Map.of();

  RowRouter(String byDefault, Map<String, L> classes) {
    this.classes = Map.copyOf(classes);
    this.byDefault = named(byDefault);
    this.single = classes.size() == 1;
  }

  /** Puts other classes of agents in force, all at once. */
  void assign(Map<String, String> agents) {
    Map<String, L> next = new HashMap<>();
    agents.forEach((agent, name) -> next.put(agent, named(name)));
    ofAgents = Map.copyOf(next);
  }

  private L named(String name) {
    L log = classes.get(name);
    if (log == null) {
      throw new IllegalArgumentException("no retention class " + name);
    }
    return log;
  }

  CompletionStage<AuditReceipt> append(AuditRow row) {
    return single ? byDefault.append(row) : routed(row);
  }

  private CompletionStage<AuditReceipt> routed(AuditRow row) {
    Map<String, Object> fields = row.fields();
    if (!(fields.get("call_id") instanceof String call)) {
      return ofAgent(fields).append(row);
    }
    L log = open.getOrDefault(call, ofAgent(fields));
    if ("intent".equals(fields.get("type")) && "allow".equals(fields.get("verdict"))) {
      return opened(call, log, row);
    }
    CompletionStage<AuditReceipt> appended = log.append(row);
    if ("outcome".equals(fields.get("type"))) {
      open.remove(call, log);
    }
    return appended;
  }

  private CompletionStage<AuditReceipt> opened(String call, L log, AuditRow row) {
    boolean first = open.putIfAbsent(call, log) == null;
    try {
      return log.append(row)
          .whenComplete(
              (_, failed) -> {
                if (failed != null && first) {
                  open.remove(call, log);
                }
              });
    } catch (RuntimeException e) {
      if (first) {
        open.remove(call, log);
      }
      throw e;
    }
  }

  private L ofAgent(Map<String, Object> fields) {
    return fields.get("agent") instanceof String agent
        ? ofAgents.getOrDefault(agent, byDefault)
        : byDefault;
  }
}
