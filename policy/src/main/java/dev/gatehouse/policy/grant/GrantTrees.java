package dev.gatehouse.policy.grant;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gatehouse.core.approval.ApprovalId;
import dev.gatehouse.core.approval.Grant;
import dev.gatehouse.core.approval.GrantScope;
import dev.gatehouse.core.approval.GrantTerms;
import dev.gatehouse.core.call.CallId;
import dev.gatehouse.core.call.OperationType;
import dev.gatehouse.core.json.Digest;
import dev.gatehouse.core.registry.AgentId;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Grants as JSON, in files and in notes of the fleet. */
final class GrantTrees {

  private GrantTrees() {}

  /** All of it. */
  static Map<String, Object> tree(Grant grant) {
    Grant.Origin origin = grant.origin();
    return Map.of(
        "id", grant.id(),
        "scope", grant.scope().tree(),
        "opened_at_ms", grant.openedAt().toEpochMilli(),
        "expires_at_ms", grant.expiresAt().toEpochMilli(),
        "approval", origin.approval().value(),
        "call_id", origin.call().value(),
        "approved_by", origin.approvedBy(),
        "why", origin.why(),
        "node", origin.node(),
        "terms",
            List.of(
                origin.terms().agent().hex(),
                origin.terms().policies().hex(),
                origin.terms().risk().hex()));
  }

  /** Throws IllegalArgumentException when it is none. */
  static Grant grant(JsonNode tree) {
    JsonNode terms = member(tree, "terms");
    return new Grant(
        text(tree, "id"),
        scope(member(tree, "scope")),
        Instant.ofEpochMilli(number(tree, "opened_at_ms")),
        Instant.ofEpochMilli(number(tree, "expires_at_ms")),
        new Grant.Origin(
            new ApprovalId(text(tree, "approval")),
            new CallId(text(tree, "call_id")),
            text(tree, "approved_by"),
            text(tree, "why"),
            new GrantTerms(digest(terms.path(0)), digest(terms.path(1)), digest(terms.path(2))),
            tree.path("node").asText()));
  }

  private static GrantScope scope(JsonNode tree) {
    Set<OperationType> types = EnumSet.noneOf(OperationType.class);
    member(tree, "operation_types")
        .forEach(type -> types.add(OperationType.valueOf(type.asText().toUpperCase(Locale.ROOT))));
    return new GrantScope(
        new AgentId(text(tree, "agent")),
        text(tree, "connector"),
        tree.has("operation") ? Optional.of(text(tree, "operation")) : Optional.empty(),
        text(tree, "target"),
        types);
  }

  private static Digest digest(JsonNode node) {
    return new Digest(node.asText());
  }

  static String text(JsonNode tree, String name) {
    JsonNode member = member(tree, name);
    if (!member.isTextual()) {
      throw new IllegalArgumentException(name + " is a text");
    }
    return member.textValue();
  }

  static long number(JsonNode tree, String name) {
    JsonNode member = member(tree, name);
    if (!member.canConvertToLong()) {
      throw new IllegalArgumentException(name + " is a number");
    }
    return member.longValue();
  }

  private static JsonNode member(JsonNode tree, String name) {
    return Optional.ofNullable(tree.get(name))
        .orElseThrow(() -> new IllegalArgumentException("its " + name + " is missing"));
  }
}
