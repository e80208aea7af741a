package dev.gatehouse.policy.approval;

import dev.gatehouse.core.approval.ApprovalRequest;
import dev.gatehouse.core.approval.Approvals.Vote;
import dev.gatehouse.core.audit.AuditRow;
import dev.gatehouse.core.call.CallId;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

/** The rows of a question's life. Field names are the record's public contract. */
final class ApprovalRows {

  private ApprovalRows() {}

  static AuditRow opened(Question question, Instant at) {
    ApprovalRequest request = question.request();
    Map<String, Object> row = row("approval.opened", request, at);
    row.put("rule", request.reason().rule());
    row.put("risk_total", request.risk().total());
    row.put("approvers", request.approvers());
    row.put("expires_at_ms", request.expiresAt().toEpochMilli());
    row.put("policy_digest", question.policyDigest().hex());
    row.put("risk_digest", question.riskDigest().hex());
    return new AuditRow(row);
  }

  static AuditRow answered(ApprovalRequest request, Vote vote, Instant at) {
    Map<String, Object> row =
        row(vote.approve() ? "approval.approved" : "approval.denied", request, at);
    row.put("approver", vote.approver());
    row.put("reason", vote.reason());
    return new AuditRow(row);
  }

  static AuditRow expired(ApprovalRequest request, Instant at) {
    Map<String, Object> row = row("approval.expired", request, at);
    row.put("reason", request.decisionReason());
    return new AuditRow(row);
  }

  static AuditRow used(ApprovalRequest request, CallId by, Instant at) {
    Map<String, Object> row = row("approval.used", request, at);
    row.put("call_id", by.value());
    row.put("asked_by_call_id", request.callId().value());
    row.put("approver", request.decidedBy());
    return new AuditRow(row);
  }

  private static Map<String, Object> row(String event, ApprovalRequest request, Instant at) {
    Map<String, Object> row = LinkedHashMap.newLinkedHashMap(24);
    row.put("v", 1);
    row.put("type", "event");
    row.put("event", event);
    row.put("approval", request.id().value());
    row.put("call_id", request.callId().value());
    row.put("agent", request.binding().agent().value());
    row.put("connector", request.binding().connector());
    row.put("operation", request.binding().operation());
    row.put("target", request.binding().target());
    row.put("tool", request.tool());
    row.put("request_digest", request.binding().digest().hex());
    row.put("at_ms", at.toEpochMilli());
    return row;
  }
}
