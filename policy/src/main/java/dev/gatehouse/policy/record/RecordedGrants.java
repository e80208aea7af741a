package dev.gatehouse.policy.record;

import dev.gatehouse.core.json.Digest;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The grants that rows tell of: what each opened, until when, and when it ended. Single thread.
 *
 * <p>Each node of a fleet says in its own rows what of other nodes' grants it took up, and when it
 * heard that they ended. So a use is held against what its own node says, and against what another
 * one says where its own says nothing. When one ended is told by the clock of then: a call counts
 * as too late only where its time is after the end's; by another node's clock, where it is later by
 * more than {@link #CLOCKS_APART}.
 */
final class RecordedGrants {

  private static final String PREFIX = "grant:";

  /** Members that a scope is made of, as rows of grants have them. */
  private static final List<String> SCOPE =
      List.of("agent", "connector", "operation", "target", "operation_types");

  /** What a call and a grant's opening have in common. */
  private static final List<String> TERMS =
      List.of("agent_version", "policy_digest", "risk_digest");

  /** By how much the clocks of two nodes may differ. */
  private static final Duration CLOCKS_APART = Duration.ofMinutes(10);

  private final Map<String, Map<String, Map<String, Object>>> opened = new HashMap<>();
  private final Map<String, Map<String, Long>> ended = new HashMap<>();

  /** What became of a grant that let a call through. */
  sealed interface Use {
    /** It opened it, as far as can be told. */
    record Fits() implements Use {}

    /** It did not. */
    record Wrong(String why) implements Use {}

    /** That is not on record, or stands behind commitments. */
    record NotOnRecord() implements Use {}
  }

  /** Takes what the row of that node tells of a grant, if it does. */
  void learn(Map<String, Object> row, String node) {
    if (!(row.get("grant") instanceof String id)) {
      return;
    }
    if ("grant.opened".equals(row.get("event"))) {
      opened.computeIfAbsent(id, _ -> new TreeMap<>()).put(node, Map.copyOf(row));
    } else if ("grant.ended".equals(row.get("event")) && row.get("at_ms") instanceof Number at) {
      ended.computeIfAbsent(id, _ -> new TreeMap<>()).merge(node, at.longValue(), Math::min);
    }
  }

  /** Judges the grant that let this call of that node through, or would have. */
  Use judge(Map<String, Object> row, List<Finding> findings, String node) {
    Optional<String> id =
        Stream.concat(
                Stream.of(String.valueOf(row.get("rule"))), findings.stream().map(Finding::rule))
            .filter(rule -> rule.startsWith(PREFIX))
            .map(rule -> rule.substring(PREFIX.length()))
            .findFirst();
    if (id.isEmpty()) {
      return new Use.Fits();
    }
    Map<String, Object> grant = opening(id.get(), node);
    if (grant == null || grant.containsKey("committed") || row.containsKey("committed")) {
      return new Use.NotOnRecord();
    }
    return wrong(row, id.get(), grant, node)
        .<Use>map(why -> new Use.Wrong("grant " + id.get() + " " + why))
        .orElseGet(Use.Fits::new);
  }

  private @Nullable Map<String, Object> opening(String id, String node) {
    Map<String, Map<String, Object>> said = opened.getOrDefault(id, Map.of());
    return said.containsKey(node)
        ? said.get(node)
        : said.values().stream().findFirst().orElse(null);
  }

  /** After when a use at that node is too late. */
  private long end(String id, String node) {
    Map<String, Long> said = ended.getOrDefault(id, Map.of());
    return Optional.ofNullable(said.get(node))
        .or(() -> said.values().stream().min(Long::compare).map(at -> at + CLOCKS_APART.toMillis()))
        .orElse(Long.MAX_VALUE);
  }

  private Optional<String> wrong(
      Map<String, Object> row, String id, Map<String, Object> grant, String node) {
    if (!Digest.ofJson(scope(grant)).hex().equals(grant.get("scope_digest"))) {
      return Optional.of("was opened with a scope that does not have its digest");
    }
    if (String.valueOf(row.get("rule")).equals(PREFIX + id) && !named(row, id, grant)) {
      return Optional.of("is not named with the scope and end that it was opened with");
    }
    for (String member : List.of("agent", "connector", "operation", "target")) {
      if (grant.containsKey(member) && !Objects.equals(grant.get(member), row.get(member))) {
        return Optional.of(
            "opens " + member + " " + grant.get(member) + ", not " + row.get(member));
      }
    }
    if (!(grant.get("operation_types") instanceof List<?> types)
        || !types.contains(row.get("operation_type"))) {
      return Optional.of(
          "opens " + grant.get("operation_types") + ", not " + row.get("operation_type"));
    }
    for (String member : TERMS) {
      if (!Objects.equals(grant.get(member), row.get(member))) {
        return Optional.of("was given under another " + member);
      }
    }
    long at = number(row.get("decided_at_ms"));
    if (at >= number(grant.get("expires_at_ms"))) {
      return Optional.of("had expired");
    }
    return at > end(id, node) ? Optional.of("had ended") : Optional.empty();
  }

  private static boolean named(Map<String, Object> row, String id, Map<String, Object> grant) {
    return row.get("grant") instanceof Map<?, ?> named
        && id.equals(named.get("id"))
        && Objects.equals(grant.get("scope_digest"), named.get("scope_digest"))
        && number(grant.get("expires_at_ms")) == number(named.get("expires_at_ms"));
  }

  private static Map<String, Object> scope(Map<String, Object> grant) {
    Map<String, Object> scope = new HashMap<>(grant);
    scope.keySet().retainAll(SCOPE);
    return scope;
  }

  private static long number(@Nullable Object value) {
    return value instanceof Number number ? number.longValue() : 0;
  }
}
