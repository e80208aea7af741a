package dev.gatehouse.core.approval;

import dev.gatehouse.core.call.GovernedCall;
import dev.gatehouse.core.call.OperationType;
import dev.gatehouse.core.json.Digest;
import dev.gatehouse.core.registry.AgentId;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Exactly what a grant opens. Names are compared character by character: nothing in it is a
 * pattern.
 *
 * @param operation the one operation on the connector that it opens; empty for all of those types
 * @param target the exact target
 * @param operations operation types, at least one
 */
public record GrantScope(
    AgentId agent,
    String connector,
    Optional<String> operation,
    String target,
    Set<OperationType> operations) {

  public GrantScope {
    operations = Set.copyOf(operations);
    if (operations.isEmpty()) {
      throw new IllegalArgumentException("a grant opens at least one operation type, this none");
    }
  }

  /** Whether it holds the call, which acts on the one target alone. */
  public boolean covers(GovernedCall call) {
    return agent.equals(call.principal().agent())
        && connector.equals(call.connector())
        && (operation.isEmpty() || operation.get().equals(call.operation()))
        && call.targets().equals(List.of(target))
        && operations.contains(call.operationType());
  }

  /** As JSON, its types in the order of their names: one scope has one tree. */
  public Map<String, Object> tree() {
    Map<String, Object> tree = new LinkedHashMap<>();
    tree.put("agent", agent.value());
    tree.put("connector", connector);
    operation.ifPresent(name -> tree.put("operation", name));
    tree.put("target", target);
    tree.put(
        "operation_types",
        operations.stream().map(type -> type.name().toLowerCase(Locale.ROOT)).sorted().toList());
    return tree;
  }

  /** Names it in rows. */
  public Digest digest() {
    return Digest.ofJson(tree());
  }
}
