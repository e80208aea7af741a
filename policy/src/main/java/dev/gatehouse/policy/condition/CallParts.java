package dev.gatehouse.policy.condition;

import dev.gatehouse.core.call.ContextCall;
import dev.gatehouse.core.call.GovernedCall;
import dev.gatehouse.core.call.ModelCall;
import dev.gatehouse.core.call.ToolCall;
import dev.gatehouse.core.decision.RiskScore;
import dev.gatehouse.core.decision.Situation;
import dev.gatehouse.core.registry.Agent;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** The parts of a call that is being decided, in its situation. */
final class CallParts implements Facts.Parts {

  private final GovernedCall call;
  private final Situation situation;

  CallParts(GovernedCall call, Situation situation) {
    this.call = call;
    this.situation = situation;
  }

  @Override
  public Optional<Object> part(String name) {
    return switch (name) {
      case "payload" -> Optional.of(payload());
      case "call" -> Optional.of(callFacts());
      case "agent" -> situation.agent().map(CallParts::agentFacts);
      case "risk" -> Optional.of(riskFacts());
      case "activity" ->
          Optional.of(
              Map.of(
                  "session_actions", (long) situation.activity().sessionActions(),
                  "calls_last_minute", (long) situation.activity().callsLastMinute()));
      case "now" -> Optional.of(situation.at());
      default -> Optional.empty();
    };
  }

  private Map<String, Object> payload() {
    return switch (call) {
      case ToolCall tool -> tool.arguments();
      case ContextCall context -> context.params();
      case ModelCall _ -> Map.of();
    };
  }

  private Map<String, Object> callFacts() {
    Map<String, Object> facts = new HashMap<>(24);
    facts.put("connector", call.connector());
    facts.put("operation", call.operation());
    facts.put("operation_type", word(call.operationType()));
    facts.put("target", call.target());
    facts.put("target_tier", word(call.targetTier()));
    facts.put("connector_class", call.connectorClass());
    facts.put("session", call.session());
    facts.put("model_tier", "");
    facts.put("streaming", false);
    facts.put("request_bytes", 0L);
    switch (call) {
      case ToolCall tool -> facts.put("name", tool.tool().name());
      case ContextCall context -> facts.put("name", context.name());
      case ModelCall model -> {
        facts.put("name", model.model());
        facts.put("model_tier", model.modelTier());
        facts.put("streaming", model.streaming());
        facts.put("request_bytes", (long) model.requestBytes());
      }
    }
    return facts;
  }

  private static Object agentFacts(Agent agent) {
    return Map.of("id", agent.id().value(), "owner", agent.owner(), "labels", agent.labels());
  }

  private Map<String, Object> riskFacts() {
    RiskScore score = situation.risk().score(call, situation.activity());
    return Map.of(
        "operation", (long) score.operation(),
        "connector", (long) score.connector(),
        "session", (long) score.session(),
        "target", (long) score.target(),
        "total", (long) score.total());
  }

  private static String word(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }
}
