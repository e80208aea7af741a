package dev.gatehouse.policy.grant;

import dev.gatehouse.core.approval.Grant;
import dev.gatehouse.core.approval.GrantTerms;
import dev.gatehouse.core.audit.AuditRow;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The rows of a grant's life; its request and its uses are in those of calls. Field names are the
 * record's public contract.
 */
final class GrantRows {

  private GrantRows() {}

  static AuditRow opened(Grant grant) {
    return new AuditRow(opening(grant));
  }

  /** Of one that another node opened. */
  static AuditRow arrived(Grant grant) {
    Map<String, Object> row = opening(grant);
    row.put("from", grant.origin().node());
    return new AuditRow(row);
  }

  private static Map<String, Object> opening(Grant grant) {
    Map<String, Object> row = row("grant.opened", grant, grant.openedAt());
    Grant.Origin origin = grant.origin();
    GrantTerms terms = origin.terms();
    row.putAll(grant.scope().tree());
    row.put("scope_digest", grant.scope().digest().hex());
    row.put("expires_at_ms", grant.expiresAt().toEpochMilli());
    row.put("approval", origin.approval().value());
    row.put("approver", origin.approvedBy());
    row.put("agent_version", terms.agent().hex());
    row.put("policy_digest", terms.policies().hex());
    row.put("risk_digest", terms.risk().hex());
    return row;
  }

  static AuditRow ended(Grant grant, GrantEnd end, Instant at) {
    return new AuditRow(end(grant, end, at));
  }

  /** Of one that ended at another node. */
  static AuditRow endedElsewhere(Grant grant, EndedGrant ended, Instant at) {
    Map<String, Object> row = end(grant, ended.end(), at);
    row.put("from", ended.node());
    return new AuditRow(row);
  }

  private static Map<String, Object> end(Grant grant, GrantEnd end, Instant at) {
    Map<String, Object> row = row("grant.ended", grant, at);
    row.put("why", end.why());
    if (!end.by().isEmpty()) {
      row.put("operator", end.by());
      row.put("reason", end.reason());
    }
    return row;
  }

  private static Map<String, Object> row(String event, Grant grant, Instant at) {
    Map<String, Object> row = LinkedHashMap.newLinkedHashMap(20);
    row.put("v", 1);
    row.put("type", "event");
    row.put("event", event);
    row.put("grant", grant.id());
    row.put("agent", grant.scope().agent().value());
    row.put("call_id", grant.origin().call().value());
    row.put("at_ms", at.toEpochMilli());
    return row;
  }
}
