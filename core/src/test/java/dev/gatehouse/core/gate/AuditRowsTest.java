package dev.gatehouse.core.gate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.core.Scene;
import dev.gatehouse.core.audit.AuditBody;
import dev.gatehouse.core.call.ModelCall;
import dev.gatehouse.core.call.OperationType;
import dev.gatehouse.core.call.ToolCall;
import dev.gatehouse.core.decision.Ruling;
import dev.gatehouse.core.decision.Situation;
import dev.gatehouse.core.json.CanonicalJson;
import dev.gatehouse.core.json.Digest;
import dev.gatehouse.core.outcome.Attempt;
import dev.gatehouse.core.outcome.Billing;
import dev.gatehouse.core.outcome.Billing.Billed;
import dev.gatehouse.core.outcome.Candidate;
import dev.gatehouse.core.outcome.Evidence.ModelEvidence;
import dev.gatehouse.core.outcome.Evidence.ToolEvidence;
import dev.gatehouse.core.outcome.Exclusion;
import dev.gatehouse.core.outcome.Outcome;
import dev.gatehouse.core.outcome.TokenUsage;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

/** The public contract of rows: exact names, exact values. */
class AuditRowsTest {

  private static final ModelCall CHAT = Scene.modelCall("claude-opus");
  private static final ModelEvidence FAILOVER =
      new ModelEvidence(
          Duration.ofMillis(755),
          "openai",
          "gpt-5",
          List.of(
              new Candidate(
                  "anthropic",
                  "claude-opus",
                  "healthy",
                  "local",
                  Duration.ZERO,
                  2,
                  Optional.empty()),
              new Candidate(
                  "azure",
                  "gpt-5",
                  "unhealthy",
                  "fleet",
                  Duration.ofMillis(412),
                  0,
                  Optional.of(Instant.parse("2026-01-01T00:02:00Z")))),
          List.of(
              new Attempt(
                  "anthropic",
                  "claude-opus",
                  false,
                  "LLMAuthError",
                  403,
                  Duration.ofMillis(41),
                  ""),
              new Attempt(
                  "openai",
                  "gpt-5",
                  true,
                  "",
                  200,
                  Duration.ofMillis(712),
                  "req_1",
                  new Billing(
                      Billed.YES,
                      Optional.of(new TokenUsage(900, 14, 0, 0, 0)),
                      OptionalLong.of(1_265_000)))),
          List.of(
              new Exclusion(
                  "azure", "breaker_open", Optional.of(Instant.parse("2026-01-01T00:02:00Z")))),
          new TokenUsage(900, 14, 0, 0, 0),
          "stop",
          2_048);

  @Test
  void outcomeOfAChatThatFailedOver() {
    assertThat(AuditRows.outcome(CHAT, new Outcome.Completed(FAILOVER)).fields())
        .isEqualTo(
            Map.ofEntries(
                Map.entry("v", 1),
                Map.entry("type", "outcome"),
                Map.entry("call_id", CHAT.id().value()),
                Map.entry("agent", "triage"),
                Map.entry("action_type", "llm.chat"),
                Map.entry("connector", "llm"),
                Map.entry("operation", "chat"),
                Map.entry("model", "claude-opus"),
                Map.entry("model_tier", "frontier"),
                Map.entry("provider_used", "openai"),
                Map.entry("model_used", "gpt-5"),
                Map.entry("failover_hops", 1),
                Map.entry(
                    "candidates",
                    List.of(
                        Map.of(
                            "provider", "anthropic",
                            "model", "claude-opus",
                            "state", "healthy",
                            "origin", "local",
                            "age_ms", 0L,
                            "failures", 2L),
                        Map.of(
                            "provider", "azure",
                            "model", "gpt-5",
                            "state", "unhealthy",
                            "origin", "fleet",
                            "age_ms", 412L,
                            "until", "2026-01-01T00:02:00Z"))),
                Map.entry(
                    "attempts",
                    List.of(
                        Map.of(
                            "provider",
                            "anthropic",
                            "model",
                            "claude-opus",
                            "ok",
                            false,
                            "kind",
                            "LLMAuthError",
                            "status_code",
                            403,
                            "latency_ms",
                            41L,
                            "billed",
                            "no"),
                        Map.of(
                            "provider",
                            "openai",
                            "model",
                            "gpt-5",
                            "ok",
                            true,
                            "status_code",
                            200,
                            "latency_ms",
                            712L,
                            "request_id",
                            "req_1",
                            "billed",
                            "yes",
                            "usage",
                            Map.of(
                                "input_tokens", 900L, "output_tokens", 14L, "total_tokens", 914L),
                            "cost_nano_usd",
                            1_265_000L))),
                Map.entry(
                    "usage",
                    Map.of("input_tokens", 900L, "output_tokens", 14L, "total_tokens", 914L)),
                Map.entry("cost_nano_usd", 1_265_000L),
                Map.entry(
                    "candidates_excluded",
                    List.of(
                        Map.of(
                            "provider", "azure",
                            "why", "breaker_open",
                            "until", "2026-01-01T00:02:00Z"))),
                Map.entry("finish_reason", "stop"),
                Map.entry("response_bytes", 2_048L),
                Map.entry("outcome", "completed"),
                Map.entry("latency_us", 755_000L)));
  }

  @Test
  void aCostThatOneTryLeavesUnknownIsToldAsUnknownAndNeverAsZero() {
    Billing cut =
        new Billing(
            Billed.LIKELY, Optional.of(new TokenUsage(50, 1, 0, 40, 30, 0)), OptionalLong.empty());
    Attempt likely = new Attempt("p", "m", false, "LLMStreamError", 200, Duration.ZERO, "", cut);
    Billing served =
        new Billing(Billed.YES, Optional.of(new TokenUsage(9, 9, 0, 0, 0)), OptionalLong.of(7));
    Attempt paid = new Attempt("q", "m", true, "", 200, Duration.ZERO, "", served);
    Map<String, Object> row =
        AuditRows.outcome(CHAT, new Outcome.Completed(withAttempts(List.of(likely, paid))))
            .fields();

    assertThat(row)
        .containsEntry("cost_unknown", true)
        .containsEntry("usage_unknown", true)
        .doesNotContainKey("cost_nano_usd");
    assertThat(String.valueOf(row.get("attempts")))
        .contains("billed=likely", "cache_write_1h_tokens=30", "cost_unknown=true")
        .contains("billed=yes", "cost_nano_usd=7");
  }

  @Test
  void hopsAreHandOffsAndNotRetries() {
    Attempt first = attempt("anthropic");
    assertThat(withAttempts(List.of()).failoverHops()).isZero();
    assertThat(withAttempts(List.of(first, first)).failoverHops()).isZero();
    assertThat(withAttempts(List.of(first, first, attempt("openai"))).failoverHops()).isEqualTo(1);
  }

  @Test
  void intentOfAToolCall() {
    ToolCall call = Scene.toolCall(OperationType.WRITE);
    Situation situation = new Scene().situation();
    Ruling ruling = Scene.decider().decide(call, situation);
    assertThat(AuditRows.intent(call, situation, ruling).fields())
        .isEqualTo(
            Map.ofEntries(
                Map.entry("v", 1),
                Map.entry("type", "intent"),
                Map.entry("call_id", call.id().value()),
                Map.entry("agent", "triage"),
                Map.entry("owner", "Ann Owner"),
                Map.entry("agent_version", situation.agent().orElseThrow().version().hex()),
                Map.entry("credential", "0123456789ab"),
                Map.entry("session", "s-1"),
                Map.entry("action_type", "tool.call"),
                Map.entry("tool", "tickets__close"),
                Map.entry("connector", "tickets"),
                Map.entry("operation", "close"),
                Map.entry("operation_type", "write"),
                Map.entry("operation_source", "annotations"),
                Map.entry("connector_class", "internal"),
                Map.entry("target", "helpdesk"),
                Map.entry("target_tier", "prod"),
                Map.entry("request_digest", Digest.ofJson(Map.of("ticket", "T-1")).hex()),
                Map.entry("decided_at_ms", Scene.NOW.toEpochMilli()),
                Map.entry("verdict", "allow"),
                Map.entry("rule", "default"),
                Map.entry("reason", "within manifest, thresholds and policies"),
                Map.entry(
                    "risk",
                    Map.of(
                        "operation", 10,
                        "connector", 5,
                        "session", 0,
                        "target", 0,
                        "total", 15,
                        "review_threshold", 50,
                        "deny_threshold", 70)),
                Map.entry("session_actions", 7),
                Map.entry("calls_last_minute", 3),
                Map.entry("policy_digest", Scene.POLICY_DIGEST.hex()),
                Map.entry("risk_digest", Scene.RISK_DIGEST.hex())));
  }

  @Test
  void intentOfAModelCallCarriesTraceAndStreaming() {
    Situation situation = new Scene().situation();
    Map<String, Object> row =
        AuditRows.intent(CHAT, situation, Scene.decider().decide(CHAT, situation)).fields();
    assertThat(row)
        .containsEntry("action_type", "llm.chat")
        .containsEntry("streaming", true)
        .containsEntry("request_bytes", 512)
        .containsEntry("trace_parent", CHAT.traceParent())
        .doesNotContainKeys("session", "tool", "operation_source");
  }

  @Test
  void everyFindingIsNamed() {
    Scene scene = new Scene().demanding(Scene.throttle("policy:a"), Scene.deny("policy:b"));
    ToolCall call = Scene.toolCall(OperationType.READ);
    Ruling ruling = Scene.decider().decide(call, scene.situation());
    assertThat(AuditRows.intent(call, scene.situation(), ruling).fields())
        .containsEntry(
            "findings",
            List.of(
                Map.of("verdict", "throttle", "rule", "policy:a"),
                Map.of("verdict", "deny", "rule", "policy:b")));
  }

  @Test
  void outcomesOfAToolCallSayWhetherItHappened() {
    ToolCall call = Scene.toolCall(OperationType.WRITE);
    AuditBody result = AuditBody.of(AuditBody.Kind.RESULT, new byte[] {'{', '}'});
    ToolEvidence evidence =
        new ToolEvidence(Duration.ofNanos(1_500_999), true, 42, Optional.of(result));
    assertThat(AuditRows.outcome(call, new Outcome.Completed(evidence)).body()).contains(result);
    assertThat(AuditRows.outcome(call, new Outcome.Completed(evidence)).fields())
        .containsEntry("outcome", "completed")
        .containsEntry("is_error", true)
        .containsEntry("result_bytes", 42)
        .containsEntry("result_digest", result.digest().hex())
        .containsEntry("latency_us", 1_500L)
        .doesNotContainKeys("error", "error_kind");
    assertThat(
            AuditRows.outcome(call, new Outcome.Failed("connector_down", "away", evidence))
                .fields())
        .containsEntry("outcome", "failed")
        .containsEntry("error_kind", "connector_down")
        .containsEntry("error", "away");
    assertThat(AuditRows.outcome(call, new Outcome.Indeterminate("timed out", evidence)).fields())
        .containsEntry("outcome", "indeterminate")
        .containsEntry("error", "timed out");
  }

  @Test
  void rowsHoldNoArguments() {
    ToolCall call = Scene.toolCall(OperationType.WRITE, Map.of("password", "hunter2"), "s");
    Situation situation = new Scene().situation();
    assertThat(
            CanonicalJson.text(
                AuditRows.intent(call, situation, Scene.decider().decide(call, situation))
                    .fields()))
        .doesNotContain("hunter2", "password");
  }

  private static Attempt attempt(String provider) {
    return new Attempt(provider, "m", false, "LLMServerError", 500, Duration.ZERO, "");
  }

  private static ModelEvidence withAttempts(List<Attempt> attempts) {
    return new ModelEvidence(
        Duration.ZERO, "", "", List.of(), attempts, List.of(), TokenUsage.NONE, "", 0);
  }
}
