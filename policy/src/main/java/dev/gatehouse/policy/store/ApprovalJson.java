package dev.gatehouse.policy.store;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.gatehouse.core.approval.ApprovalId;
import dev.gatehouse.core.approval.ApprovalRequest;
import dev.gatehouse.core.approval.ApprovalRequest.State;
import dev.gatehouse.core.approval.CallBinding;
import dev.gatehouse.core.approval.Review;
import dev.gatehouse.core.approval.TargetState;
import dev.gatehouse.core.call.CallId;
import dev.gatehouse.core.decision.Reason;
import dev.gatehouse.core.decision.RiskScore;
import dev.gatehouse.core.json.Digest;
import dev.gatehouse.core.registry.AgentId;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A question as a JSON document of this store's own; nobody else reads it. */
final class ApprovalJson {

  private static final int NESTING_MAX = 1_000;
  private static final int TEXT_MAX = 64 << 20;

  private static final ObjectMapper MAPPER =
      new ObjectMapper(
              JsonFactory.builder()
                  .streamReadConstraints(
                      StreamReadConstraints.builder()
                          .maxNestingDepth(NESTING_MAX)
                          .maxStringLength(TEXT_MAX)
                          .build())
                  .build())
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS);

  private static final TypeReference<Map<String, Object>> TREE = new TypeReference<>() {};

  private ApprovalJson() {}

  static String write(ApprovalRequest request) {
    Map<String, Object> tree = new HashMap<>();
    CallBinding binding = request.binding();
    tree.put("id", request.id().value());
    tree.put("agent", binding.agent().value());
    tree.put("connector", binding.connector());
    tree.put("operation", binding.operation());
    tree.put("target", binding.target());
    tree.put("digest", binding.digest().hex());
    tree.put("call_id", request.callId().value());
    tree.put("tool", request.tool());
    tree.put("arguments", request.arguments());
    tree.put("rule", request.reason().rule());
    tree.put("reason", request.reason().message());
    RiskScore risk = request.risk();
    tree.put("risk", List.of(risk.operation(), risk.connector(), risk.session(), risk.target()));
    tree.put("approvers", request.approvers());
    tree.put("opened_at", request.openedAt().toString());
    tree.put("expires_at", request.expiresAt().toString());
    tree.put("state", request.state().name());
    tree.put("decided_by", request.decidedBy());
    tree.put("decision_reason", request.decisionReason());
    Review review = request.review();
    tree.put("owner", review.owner());
    tree.put("quorum", review.quorum());
    tree.put("approved_by", review.approvedBy());
    tree.put("session", review.session());
    tree.put("reasoning", review.reasoning());
    tree.put("state_of_target", state(review.state()));
    review.policyDigest().ifPresent(digest -> tree.put("policy_digest", digest.hex()));
    review.riskDigest().ifPresent(digest -> tree.put("risk_digest", digest.hex()));
    try {
      return MAPPER.writeValueAsString(tree);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("a question is no JSON", e);
    }
  }

  /**
   * Reads what {@link #write} wrote.
   *
   * @throws IllegalArgumentException for anything else
   */
  static ApprovalRequest read(String text) {
    try {
      Map<String, Object> tree = MAPPER.readValue(text, TREE);
      List<Integer> risk = numbers(tree.get("risk"));
      return new ApprovalRequest(
          new ApprovalId(text(tree, "id")),
          new CallBinding(
              new AgentId(text(tree, "agent")),
              text(tree, "connector"),
              text(tree, "operation"),
              text(tree, "target"),
              new Digest(text(tree, "digest"))),
          new CallId(text(tree, "call_id")),
          text(tree, "tool"),
          object(tree.get("arguments")),
          new Reason(text(tree, "rule"), text(tree, "reason")),
          new RiskScore(risk.get(0), risk.get(1), risk.get(2), risk.get(3)),
          texts(tree.get("approvers")),
          Instant.parse(text(tree, "opened_at")),
          Instant.parse(text(tree, "expires_at")),
          State.valueOf(text(tree, "state")),
          text(tree, "decided_by"),
          text(tree, "decision_reason"),
          review(tree));
    } catch (JsonProcessingException | RuntimeException e) {
      throw new IllegalArgumentException("a kept question is damaged", e);
    }
  }

  private static Review review(Map<String, Object> tree) {
    return new Review(
        text(tree, "owner"),
        tree.get("quorum") instanceof Integer quorum ? quorum : 1,
        texts(tree.get("approved_by")),
        text(tree, "session"),
        digest(tree, "policy_digest"),
        digest(tree, "risk_digest"),
        text(tree, "reasoning"),
        state(object(tree.get("state_of_target"))));
  }

  private static Map<String, Object> state(TargetState state) {
    Map<String, Object> tree = new HashMap<>();
    switch (state) {
      case TargetState.NotRead _ -> tree.put("kind", "not_read");
      case TargetState.Reading _ -> tree.put("kind", "reading");
      case TargetState.Read read -> {
        tree.put("kind", "read");
        tree.put("value", read.value());
        tree.put("digest", read.digest().hex());
        tree.put("at", read.at().toString());
      }
      case TargetState.Unreadable(var why) -> {
        tree.put("kind", "unreadable");
        tree.put("why", why);
      }
    }
    return tree;
  }

  private static TargetState state(Map<String, Object> tree) {
    return switch (text(tree, "kind")) {
      case "not_read" -> new TargetState.NotRead();
      case "reading" -> new TargetState.Unreadable("the gateway ended while it was being read");
      case "read" ->
          new TargetState.Read(
              Objects.requireNonNull(tree.get("value")),
              new Digest(text(tree, "digest")),
              Instant.parse(text(tree, "at")));
      case "unreadable" -> new TargetState.Unreadable(text(tree, "why"));
      case String other -> throw new IllegalArgumentException("a kept state is " + other);
    };
  }

  private static Optional<Digest> digest(Map<String, Object> tree, String name) {
    return tree.containsKey(name) ? Optional.of(new Digest(text(tree, name))) : Optional.empty();
  }

  private static String text(Map<String, Object> tree, String name) {
    if (tree.get(name) instanceof String text) {
      return text;
    }
    throw new IllegalArgumentException("a kept question has no " + name);
  }

  private static List<String> texts(@Nullable Object list) {
    return list instanceof List<?> all ? all.stream().map(String::valueOf).toList() : List.of();
  }

  private static List<Integer> numbers(@Nullable Object list) {
    if (list instanceof List<?> all) {
      return all.stream().map(each -> ((Number) each).intValue()).toList();
    }
    throw new IllegalArgumentException("a kept question has no list of numbers");
  }

  private static Map<String, Object> object(@Nullable Object value) {
    if (value instanceof Map<?, ?> members) {
      Map<String, Object> object = new HashMap<>();
      members.forEach((name, member) -> object.put(String.valueOf(name), member));
      return object;
    }
    throw new IllegalArgumentException("a kept question has no such object");
  }
}
