package dev.gatehouse.core.gate;

import dev.gatehouse.core.approval.Grant;
import dev.gatehouse.core.audit.AuditBody;
import dev.gatehouse.core.audit.AuditBody.Kind;
import dev.gatehouse.core.audit.AuditRow;
import dev.gatehouse.core.call.ArgumentsDigest;
import dev.gatehouse.core.call.CallId;
import dev.gatehouse.core.call.ContextCall;
import dev.gatehouse.core.call.GovernedCall;
import dev.gatehouse.core.call.ModelCall;
import dev.gatehouse.core.call.ToolCall;
import dev.gatehouse.core.decision.Decision;
import dev.gatehouse.core.decision.Decision.Deny;
import dev.gatehouse.core.decision.RiskModel;
import dev.gatehouse.core.decision.RiskScore;
import dev.gatehouse.core.decision.Ruling;
import dev.gatehouse.core.decision.Situation;
import dev.gatehouse.core.outcome.Attempt;
import dev.gatehouse.core.outcome.Billing;
import dev.gatehouse.core.outcome.Candidate;
import dev.gatehouse.core.outcome.Evidence.ModelEvidence;
import dev.gatehouse.core.outcome.Evidence.ToolEvidence;
import dev.gatehouse.core.outcome.Exclusion;
import dev.gatehouse.core.outcome.Outcome;
import dev.gatehouse.core.outcome.TokenUsage;
import dev.gatehouse.core.registry.Glob;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The rows of a call: one before it takes effect, one after. Field names are the record's public
 * contract.
 */
final class AuditRows {

  private AuditRows() {}

  static AuditRow intent(GovernedCall call, Situation situation, Ruling ruling) {
    Map<String, Object> row = identity("intent", call);
    row.put("credential", call.principal().credentialId());
    call.principal()
        .scopes()
        .ifPresent(scopes -> row.put("token_scopes", scopes.granted().stream().sorted().toList()));
    row.put("operation_type", name(call.operationType()));
    row.put("target", call.target());
    row.put("target_tier", name(call.targetTier()));
    row.put("connector_class", call.connectorClass());
    if (!call.dataClass().equals(call.connectorClass())) {
      row.put("data_class", call.dataClass());
    }
    row.put("request_digest", call.digest().hex());
    row.put("decided_at_ms", situation.at().toEpochMilli());
    row.put("verdict", ruling.decision().verdict());
    row.put("rule", ruling.decision().reason().rule());
    row.put("reason", ruling.decision().reason().message());
    row.put("risk", risk(ruling.risk(), situation.risk()));
    row.put("session_actions", situation.activity().sessionActions());
    row.put("calls_last_minute", situation.activity().callsLastMinute());
    putPatterns(row, "session_begun", situation.activity().past().begun());
    putPatterns(row, "session_completed", situation.activity().past().completed());
    row.put("policy_digest", situation.policies().digest().hex());
    row.put("risk_digest", situation.risk().digest().hex());
    if (!ruling.findings().isEmpty()) {
      row.put("findings", ruling.findings().stream().map(AuditRows::finding).toList());
    }
    situation
        .agent()
        .ifPresent(
            agent -> {
              row.put("owner", agent.owner());
              row.put("agent_version", agent.version().hex());
            });
    ruling.approval().ifPresent(approval -> row.put("approval", approval.value()));
    ruling.grant().ifPresent(grant -> row.put("grant", grant(grant)));
    putUnlessEmpty(row, "trace_parent", call.traceParent());
    switch (call) {
      case ToolCall tool -> row.put("operation_source", tool.tool().operationSource());
      case ContextCall _ -> {}
      case ModelCall model -> {
        row.put("streaming", model.streaming());
        row.put("request_bytes", model.requestBytes());
        if (!model.providerTools().isEmpty()) {
          row.put("provider_tools", model.providerTools());
        }
      }
    }
    return new AuditRow(row, Optional.of(body(call)));
  }

  /** What the row's {@code request_digest} is of. */
  private static AuditBody body(GovernedCall call) {
    return switch (call) {
      case ToolCall tool -> body(tool, tool.arguments());
      case ContextCall context -> body(context, context.params());
      case ModelCall model -> model.request();
    };
  }

  private static AuditBody body(GovernedCall call, Map<String, Object> arguments) {
    return new AuditBody(Kind.ARGUMENTS, call.digest(), () -> ArgumentsDigest.form(arguments));
  }

  /** Of a call that is not carried out but given the outcome of an identical one. */
  static AuditRow replay(GovernedCall call, Situation situation, Ruling ruling, CallId original) {
    AuditRow intent = intent(call, situation, ruling);
    Map<String, Object> row = new HashMap<>(intent.fields());
    row.remove("approval");
    row.remove("grant");
    row.put("verdict", "replay");
    row.put("rule", "replay:" + original);
    row.put("reason", "told the outcome of call " + original + "; nothing is carried out");
    row.put("replays", original.value());
    return new AuditRow(row, intent.body());
  }

  /** Of a call whose situation is not known, or that was refused after its intent was on record. */
  static AuditRow refusal(GovernedCall call, Deny deny) {
    Map<String, Object> row = identity("refusal", call);
    putRefusal(row, deny);
    return new AuditRow(row);
  }

  /** Of a call that cannot be recorded as it is: nothing in it comes from the agent. */
  static AuditRow shortRefusal(GovernedCall call, Deny deny) {
    Map<String, Object> row = shortIdentity("refusal", call);
    putRefusal(row, deny);
    return new AuditRow(row);
  }

  private static void putRefusal(Map<String, Object> row, Deny deny) {
    row.put("verdict", deny.verdict());
    row.put("rule", deny.reason().rule());
    row.put("reason", deny.reason().message());
  }

  static AuditRow outcome(GovernedCall call, Outcome outcome) {
    Map<String, Object> row = identity("outcome", call);
    row.put("outcome", name(outcome));
    switch (outcome) {
      case Outcome.Completed _ -> {}
      case Outcome.Failed failed -> {
        row.put("error_kind", failed.kind());
        row.put("error", failed.message());
      }
      case Outcome.Indeterminate unknown -> row.put("error", unknown.reason());
    }
    row.put("latency_us", outcome.evidence().latency().toNanos() / 1_000);
    switch (outcome.evidence()) {
      case ToolEvidence tool -> putTool(row, tool);
      case ModelEvidence model -> putModel(row, model);
    }
    Optional<AuditBody> result = outcome.evidence().result();
    result.ifPresent(body -> row.put("result_digest", body.digest().hex()));
    return new AuditRow(row, result);
  }

  /** Of a call whose outcome cannot be recorded as it is: nothing in it comes from elsewhere. */
  static AuditRow shortOutcome(GovernedCall call, Outcome outcome) {
    Map<String, Object> row = shortIdentity("outcome", call);
    row.put("outcome", name(outcome));
    row.put("error", "the complete outcome is not canonical JSON or too long for a row");
    row.put("latency_us", outcome.evidence().latency().toNanos() / 1_000);
    return new AuditRow(row);
  }

  private static String name(Outcome outcome) {
    return switch (outcome) {
      case Outcome.Completed _ -> "completed";
      case Outcome.Failed _ -> "failed";
      case Outcome.Indeterminate _ -> "indeterminate";
    };
  }

  private static Map<String, Object> shortIdentity(String type, GovernedCall call) {
    Map<String, Object> row = HashMap.newHashMap(8);
    row.put("v", 1);
    row.put("type", type);
    row.put("call_id", call.id().value());
    row.put("agent", call.principal().agent().value());
    return row;
  }

  private static Map<String, Object> identity(String type, GovernedCall call) {
    Map<String, Object> row = HashMap.newHashMap(32);
    row.put("v", 1);
    row.put("type", type);
    row.put("call_id", call.id().value());
    row.put("agent", call.principal().agent().value());
    row.put("connector", call.connector());
    row.put("operation", call.operation());
    putUnlessEmpty(row, "session", call.session());
    switch (call) {
      case ToolCall tool -> {
        row.put("action_type", "tool.call");
        row.put("tool", tool.tool().name());
      }
      case ContextCall context -> {
        row.put("action_type", context.operation().replace('/', '.'));
        row.put("name", context.name());
      }
      case ModelCall model -> {
        row.put("action_type", "llm." + model.operation());
        row.put("model", model.model());
        putUnlessEmpty(row, "model_tier", model.modelTier());
      }
    }
    return row;
  }

  private static Map<String, Object> risk(RiskScore score, RiskModel model) {
    return Map.of(
        "operation", score.operation(),
        "connector", score.connector(),
        "session", score.session(),
        "target", score.target(),
        "total", score.total(),
        "review_threshold", model.reviewThreshold(),
        "deny_threshold", model.denyThreshold());
  }

  private static Map<String, Object> finding(Decision decision) {
    return Map.of("verdict", decision.verdict(), "rule", decision.reason().rule());
  }

  private static Map<String, Object> grant(Grant grant) {
    return Map.of(
        "id", grant.id(),
        "scope_digest", grant.scope().digest().hex(),
        "expires_at_ms", grant.expiresAt().toEpochMilli());
  }

  private static void putTool(Map<String, Object> row, ToolEvidence tool) {
    row.put("is_error", tool.isError());
    row.put("result_bytes", tool.resultBytes());
    if (!tool.findings().places().isEmpty()) {
      row.put("scan", tool.findings().places());
      row.put("scan_action", tool.findings().action());
    }
  }

  private static void putModel(Map<String, Object> row, ModelEvidence model) {
    row.put("provider_used", model.providerUsed());
    row.put("model_used", model.modelUsed());
    row.put("failover_hops", model.failoverHops());
    if (!model.candidates().isEmpty()) {
      row.put("candidates", model.candidates().stream().map(AuditRows::candidate).toList());
    }
    row.put("attempts", model.attempts().stream().map(AuditRows::attempt).toList());
    row.put("usage", usage(model.usage()));
    if (model.attempts().stream().anyMatch(attempt -> attempt.billing().usageUnknown())) {
      row.put("usage_unknown", true);
    }
    model
        .costNanoUsd()
        .ifPresentOrElse(
            cost -> row.put("cost_nano_usd", cost), () -> row.put("cost_unknown", true));
    row.put("response_bytes", model.responseBytes());
    putUnlessEmpty(row, "finish_reason", model.finishReason());
    if (!model.excluded().isEmpty()) {
      row.put("candidates_excluded", model.excluded().stream().map(AuditRows::exclusion).toList());
    }
    if (!model.routing().isEmpty()) {
      row.put("routing", model.routing());
    }
  }

  private static Map<String, Object> candidate(Candidate candidate) {
    Map<String, Object> row = HashMap.newHashMap(8);
    row.put("provider", candidate.provider());
    row.put("model", candidate.model());
    row.put("state", candidate.state());
    row.put("origin", candidate.origin());
    row.put("age_ms", candidate.age().toMillis());
    putUnlessZero(row, "failures", candidate.failures());
    candidate.until().ifPresent(until -> row.put("until", until.toString()));
    return row;
  }

  private static Map<String, Object> attempt(Attempt attempt) {
    Map<String, Object> row = HashMap.newHashMap(12);
    row.put("provider", attempt.provider());
    row.put("model", attempt.model());
    row.put("ok", attempt.ok());
    row.put("latency_ms", attempt.latency().toMillis());
    if (attempt.statusCode() != 0) {
      row.put("status_code", attempt.statusCode());
    }
    putUnlessEmpty(row, "kind", attempt.kind());
    putUnlessEmpty(row, "request_id", attempt.requestId());
    putBilling(row, attempt.billing());
    return row;
  }

  private static void putBilling(Map<String, Object> row, Billing billing) {
    row.put("billed", name(billing.billed()));
    billing.usage().ifPresent(usage -> row.put("usage", usage(usage)));
    billing.costNanoUsd().ifPresent(cost -> row.put("cost_nano_usd", cost));
    if (billing.costUnknown()) {
      row.put("cost_unknown", true);
    }
  }

  private static Map<String, Object> exclusion(Exclusion exclusion) {
    Map<String, Object> row = HashMap.newHashMap(4);
    row.put("provider", exclusion.provider());
    row.put("why", exclusion.why());
    exclusion.until().ifPresent(until -> row.put("until", until.toString()));
    putUnlessEmpty(row, "field", exclusion.field());
    return row;
  }

  private static Map<String, Object> usage(TokenUsage usage) {
    Map<String, Object> row = HashMap.newHashMap(8);
    row.put("input_tokens", usage.inputTokens());
    row.put("output_tokens", usage.outputTokens());
    row.put("total_tokens", usage.totalTokens());
    putUnlessZero(row, "cache_read_tokens", usage.cacheReadTokens());
    putUnlessZero(row, "cache_write_tokens", usage.cacheWriteTokens());
    putUnlessZero(row, "cache_write_1h_tokens", usage.cacheWriteHourTokens());
    putUnlessZero(row, "reasoning_tokens", usage.reasoningTokens());
    return row;
  }

  private static void putPatterns(Map<String, Object> row, String name, Set<Glob> patterns) {
    if (!patterns.isEmpty()) {
      row.put(name, patterns.stream().map(Glob::pattern).sorted().toList());
    }
  }

  private static void putUnlessEmpty(Map<String, Object> row, String name, String value) {
    if (!value.isEmpty()) {
      row.put(name, value);
    }
  }

  private static void putUnlessZero(Map<String, Object> row, String name, long value) {
    if (value != 0) {
      row.put(name, value);
    }
  }

  private static String name(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }
}
