package dev.gatehouse.policy.publish;

import dev.gatehouse.core.audit.AuditLog;
import dev.gatehouse.core.audit.AuditRow;
import dev.gatehouse.core.json.Digest;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The rows of published policies. Each method waits until its row is durable. Field names are the
 * record's public contract.
 */
final class PolicyRows {

  /** Of no policies at all. */
  static final Digest NONE = Digest.of(new byte[0]);

  private static final int PROBLEMS_MAX = 5;
  private static final int PROBLEM_CHARS_MAX = 500;

  private final AuditLog audit;
  private volatile String node = "local";

  PolicyRows(AuditLog audit) {
    this.audit = audit;
  }

  /** From now on this is the node whose rows they are. */
  void of(String name) {
    node = name;
  }

  /** That a version is to be in force. */
  void changed(int number, int before, Digest version, InForce order) {
    append(
        row(
            order.rolledBack() ? "policy.rolled_back" : "policy.published",
            number,
            before,
            version,
            order));
  }

  /** That it is not, after all. */
  void notKept(int number, int before, Digest version, InForce order) {
    Map<String, Object> row = row("policy.not_kept", number, before, version, order);
    row.put("reason", "the change could not be kept");
    append(row);
  }

  /** That what another node published does not fit this one, where another version stays. */
  void refused(int stays, Digest version, InForce order, List<String> problems) {
    Map<String, Object> row = row("policy.refused", stays, stays, version, order);
    row.put("problems", problems.stream().limit(PROBLEMS_MAX).map(PolicyRows::shortened).toList());
    append(row);
  }

  private static String shortened(String problem) {
    return problem.substring(0, Math.min(problem.length(), PROBLEM_CHARS_MAX));
  }

  private Map<String, Object> row(
      String event, int number, int before, Digest version, InForce order) {
    Map<String, Object> row = LinkedHashMap.newLinkedHashMap(14);
    row.put("v", 1);
    row.put("type", "event");
    row.put("event", event);
    row.put("policy_version", number);
    row.put("policy_version_before", before);
    row.put("version_digest", version.equals(NONE) ? "" : version.hex());
    row.put("order", order.id());
    row.put("operator", order.by());
    row.put("reason", order.reason());
    if (!order.node().equals(node)) {
      row.put("from", order.node());
    }
    return row;
  }

  private void append(Map<String, Object> row) {
    var _ = audit.append(new AuditRow(row)).toCompletableFuture().join();
  }
}
