package dev.gatehouse.policy.approval;

import dev.gatehouse.core.approval.ApprovalRequest;
import dev.gatehouse.core.approval.Approvals.Vote;
import dev.gatehouse.core.approval.TargetState;
import dev.gatehouse.core.audit.AuditLog;
import dev.gatehouse.core.audit.AuditRow;
import dev.gatehouse.core.call.CallId;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

/** The rows of a question's life. Field names are the record's public contract. */
final class ApprovalRows {

  private ApprovalRows() {}

  /** For rows of what holds all the same: nobody waits for them, and nothing is granted by them. */
  static void note(AuditLog audit, AuditRow row) {
    try {
      audit.append(row);
    } catch (RuntimeException e) {
      // Silence declines even when that cannot be written down; the log reports its own failure.
    }
  }

  static AuditRow opened(Question question, Instant at) {
    ApprovalRequest request = question.request();
    Map<String, Object> row = row("approval.opened", request, at);
    row.put("rule", request.reason().rule());
    row.put("risk_total", request.risk().total());
    row.put("approvers", request.approvers());
    row.put("quorum", request.review().quorum());
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
    if (!vote.via().isEmpty()) {
      row.put("via", vote.via());
    }
    if (vote.approve() && request.review().quorum() > 1) {
      row.put("votes", request.review().approvedBy().size() + 1);
      row.put("quorum", request.review().quorum());
    }
    return new AuditRow(row);
  }

  static AuditRow expired(ApprovalRequest request, Instant at) {
    Map<String, Object> row = row("approval.expired", request, at);
    row.put("reason", request.decisionReason());
    return new AuditRow(row);
  }

  /** Of the state that an approver is shown. */
  static AuditRow stateRead(ApprovalRequest request, Instant at) {
    Map<String, Object> row = row("approval.state_read", request, at);
    switch (request.review().state()) {
      case TargetState.Read read -> row.put("state_digest", read.digest().hex());
      case TargetState.Unreadable(var why) -> row.put("reason", why);
      case TargetState.NotRead _, TargetState.Reading _ -> {}
    }
    return new AuditRow(row);
  }

  /** Of an approval that opened nothing after all. */
  static AuditRow voided(ApprovalRequest request, CallId by, String why, Instant at) {
    Map<String, Object> row = row("approval.voided", request, at);
    row.put("call_id", by.value());
    row.put("reason", why);
    return new AuditRow(row);
  }

  static AuditRow used(ApprovalRequest request, CallId by, Instant at) {
    Map<String, Object> row = row("approval.used", request, at);
    row.put("call_id", by.value());
    row.put("asked_by_call_id", request.callId().value());
    row.put("approver", request.decidedBy());
    return new AuditRow(row);
  }

  /** Of a process that took up the questions of the one before it. */
  static AuditRow restored(int questions, Instant at) {
    Map<String, Object> row = LinkedHashMap.newLinkedHashMap(8);
    row.put("v", 1);
    row.put("type", "event");
    row.put("event", "approvals.restored");
    row.put("questions", questions);
    row.put("at_ms", at.toEpochMilli());
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
