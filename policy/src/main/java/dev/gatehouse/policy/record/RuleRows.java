package dev.gatehouse.policy.record;

import dev.gatehouse.core.audit.AuditLog;
import dev.gatehouse.core.audit.AuditRow;
import dev.gatehouse.core.audit.AuditUnavailableException;
import dev.gatehouse.core.json.CanonicalJson;
import dev.gatehouse.core.json.Digest;
import dev.gatehouse.policy.condition.ConditionLimits;
import dev.gatehouse.policy.risk.RiskTables;
import dev.gatehouse.policy.rules.PolicyRule;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Puts on record what judges calls, before the first call that it judges; the rows of calls name it
 * by its digests. Thread-safe.
 */
public final class RuleRows {

  /** The event of a row that keeps risk tables. */
  static final String RISK = "governance.risk";

  /** The event of a row that keeps policies, or a part of them. */
  static final String POLICIES = "governance.policies";

  /** Members of a row that keeps policies: what evaluating a condition may cost. */
  static final String ITERATIONS_MAX = "iterations_max";

  static final String PAYLOAD_CHARS_MAX = "payload_chars_max";

  /** So many bytes of policies are begun in one row; a set of more takes several. */
  private static final int PART_BYTES = 32 << 10;

  private static final Logger LOG = LoggerFactory.getLogger(RuleRows.class);

  private final AuditLog audit;
  private String lastRisk = "";
  private String lastPolicies = "";

  public RuleRows(AuditLog audit) {
    this.audit = audit;
  }

  /** Appends rows for what has changed since the last time. */
  public synchronized void inForce(
      RiskTables risk,
      Digest riskDigest,
      List<PolicyRule> policies,
      Digest policyDigest,
      ConditionLimits limits) {
    try {
      if (!lastRisk.equals(riskDigest.hex())) {
        append(RISK, Map.of("risk_digest", riskDigest.hex(), "risk", risk.tree()));
        lastRisk = riskDigest.hex();
      }
      String now = policyDigest.hex() + limits;
      if (!lastPolicies.equals(now)) {
        policies(policies, policyDigest.hex(), limits);
        lastPolicies = now;
      }
    } catch (AuditUnavailableException e) {
      LOG.warn("what judges calls is not on record: {}", e.getMessage());
    }
  }

  private void policies(List<PolicyRule> policies, String digest, ConditionLimits limits) {
    List<List<Object>> parts = parts(policies);
    for (int i = 0; i < parts.size(); i++) {
      append(
          POLICIES,
          Map.of(
              "policy_digest",
              digest,
              "part",
              i + 1,
              "parts",
              parts.size(),
              ITERATIONS_MAX,
              limits.iterationsMax(),
              PAYLOAD_CHARS_MAX,
              limits.payloadCharsMax(),
              "policies",
              parts.get(i)));
    }
  }

  private static List<List<Object>> parts(List<PolicyRule> policies) {
    List<List<Object>> parts = new ArrayList<>();
    List<Object> part = new ArrayList<>();
    parts.add(part);
    int bytes = 0;
    for (PolicyRule rule :
        policies.stream().sorted(Comparator.comparing(PolicyRule::name)).toList()) {
      Map<String, Object> tree = rule.tree();
      int more = CanonicalJson.exactBytes(tree).length;
      if (!part.isEmpty() && bytes + more > PART_BYTES) {
        part = new ArrayList<>();
        parts.add(part);
        bytes = 0;
      }
      part.add(tree);
      bytes += more;
    }
    return parts;
  }

  private void append(String event, Map<String, Object> fields) {
    Map<String, Object> row = new HashMap<>(fields);
    row.put("v", 1);
    row.put("type", "event");
    row.put("event", event);
    try {
      var _ = audit.append(new AuditRow(row));
    } catch (IllegalArgumentException e) {
      LOG.warn(
          "{} is too long for a row (audit.row_bytes_max), so calls cannot be judged again from"
              + " the record alone: {}",
          event,
          e.getMessage());
    }
  }
}
