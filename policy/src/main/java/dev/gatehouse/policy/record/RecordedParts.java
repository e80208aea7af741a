package dev.gatehouse.policy.record;

import dev.gatehouse.policy.condition.Facts;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a condition reads of a call, from the call's row and its arguments. Remembers whether
 * something was asked for that is not on record. For one condition; single thread.
 */
final class RecordedParts implements Facts.Parts {

  /** Members that {@code call} is made of; one behind a commitment hides all of it. */
  private static final List<String> CALL =
      List.of(
          "connector",
          "operation",
          "operation_type",
          "target",
          "target_tier",
          "connector_class",
          "session",
          "tool",
          "name",
          "model",
          "model_tier",
          "streaming",
          "request_bytes");

  /** Rows of calls name an agent and its owner, and not its labels. */
  private static final Pattern AGENT_ON_RECORD = Pattern.compile("\\bagent\\.(id|owner)\\b");

  private static final Pattern AGENT = Pattern.compile("\\bagent\\b");

  private final Map<String, Object> row;
  private final Optional<Map<String, Integer>> score;
  private final Supplier<Optional<Map<String, Object>>> arguments;
  private final Optional<Map<?, ?>> labels;
  private final boolean agentOnRecord;
  private boolean missing;
  private boolean payload;

  /**
   * @param score empty when it could not be told
   * @param arguments those of the call, if they were kept
   * @param labels those of the agent, if they are on record
   * @param condition what reads the parts
   */
  RecordedParts(
      Map<String, Object> row,
      Optional<Map<String, Integer>> score,
      Supplier<Optional<Map<String, Object>>> arguments,
      Optional<Map<?, ?>> labels,
      String condition) {
    this.row = row;
    this.score = score;
    this.arguments = arguments;
    this.labels = labels;
    this.agentOnRecord = !AGENT.matcher(AGENT_ON_RECORD.matcher(condition).replaceAll("")).find();
  }

  /** Whether something was asked for that is not on record. */
  boolean missing() {
    return missing;
  }

  /** Whether the call's arguments were asked for. */
  boolean readArguments() {
    return payload;
  }

  @Override
  public Optional<Object> part(String name) {
    return switch (name) {
      case "payload" -> payload();
      case "call" -> call();
      case "agent" -> agent();
      case "risk" -> risk();
      case "activity" -> activity();
      case "now" ->
          row.get("decided_at_ms") instanceof Number at
              ? Optional.of(Instant.ofEpochMilli(at.longValue()))
              : notOnRecord();
      default -> Optional.empty();
    };
  }

  private Optional<Object> notOnRecord() {
    missing = true;
    return Optional.empty();
  }

  private Optional<Object> payload() {
    if (isModelCall()) {
      return Optional.of(Map.of());
    }
    payload = true;
    Optional<Map<String, Object>> kept = arguments.get();
    return kept.isPresent() ? Optional.of(kept.get()) : notOnRecord();
  }

  private boolean isModelCall() {
    return text("action_type").startsWith("llm.");
  }

  private Optional<Object> call() {
    if (row.get("committed") instanceof Map<?, ?> hidden
        && CALL.stream().anyMatch(hidden::containsKey)) {
      return notOnRecord();
    }
    Map<String, Object> facts = new HashMap<>(24);
    for (String name : CALL.subList(0, 7)) {
      facts.put(name, text(name));
    }
    facts.put("name", text("tool") + text("name") + text("model"));
    facts.put("model_tier", text("model_tier"));
    facts.put("streaming", Boolean.TRUE.equals(row.get("streaming")));
    facts.put("request_bytes", number(row.get("request_bytes")));
    return Optional.of(facts);
  }

  private Optional<Object> agent() {
    if (!row.containsKey("agent_version")) {
      return Optional.empty(); // nobody knew the agent
    }
    if (!(row.get("owner") instanceof String owner) || (!agentOnRecord && labels.isEmpty())) {
      return notOnRecord();
    }
    return Optional.of(
        Map.of("id", text("agent"), "owner", owner, "labels", labels.orElse(Map.of())));
  }

  private Optional<Object> risk() {
    if (score.isEmpty()) {
      return notOnRecord();
    }
    Map<String, Object> facts = new HashMap<>(8);
    for (String part : List.of("operation", "connector", "session", "target", "total")) {
      facts.put(part, number(score.get().get(part)));
    }
    return Optional.of(facts);
  }

  private Optional<Object> activity() {
    return row.get("session_actions") instanceof Number actions
            && row.get("calls_last_minute") instanceof Number calls
        ? Optional.of(
            Map.of("session_actions", actions.longValue(), "calls_last_minute", calls.longValue()))
        : notOnRecord();
  }

  private String text(String name) {
    return row.get(name) instanceof String text ? text : "";
  }

  private static long number(@Nullable Object value) {
    return value instanceof Number number ? number.longValue() : 0;
  }
}
