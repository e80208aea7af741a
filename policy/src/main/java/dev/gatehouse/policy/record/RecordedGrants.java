package dev.gatehouse.policy.record;

import dev.gatehouse.core.json.Digest;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The grants that rows tell of: what each opened, until when, and when it ended. Single thread.
 *
 * <p>When one ended is told by the clock of then: a call counts as too late only where its time is
 * after the end's.
 */
final class RecordedGrants {

  private static final String PREFIX = "grant:";

  /** Members that a scope is made of, as rows of grants have them. */
  private static final List<String> SCOPE =
      List.of("agent", "connector", "operation", "target", "operation_types");

  /** What a call and a grant's opening have in common. */
  private static final List<String> TERMS =
      List.of("agent_version", "policy_digest", "risk_digest");

  private final Map<String, Map<String, Object>> opened = new HashMap<>();
  private final Map<String, Long> ended = new HashMap<>();

  /** What became of a grant that let a call through. */
  sealed interface Use {
    /** It opened it, as far as can be told. */
    record Fits() implements Use {}

    /** It did not. */
    record Wrong(String why) implements Use {}

    /** That is not on record, or stands behind commitments. */
    record NotOnRecord() implements Use {}
  }

  /** Takes what the row tells of a grant, if it does. */
  void learn(Map<String, Object> row) {
    if (!(row.get("grant") instanceof String id)) {
      return;
    }
    if ("grant.opened".equals(row.get("event"))) {
      opened.put(id, Map.copyOf(row));
    } else if ("grant.ended".equals(row.get("event")) && row.get("at_ms") instanceof Number at) {
      ended.merge(id, at.longValue(), Math::min);
    }
  }

  /** Judges the grant that let this call through, or would have but for another demand. */
  Use judge(Map<String, Object> row, List<Finding> findings) {
    Optional<String> id =
        Stream.concat(
                Stream.of(String.valueOf(row.get("rule"))), findings.stream().map(Finding::rule))
            .filter(rule -> rule.startsWith(PREFIX))
            .map(rule -> rule.substring(PREFIX.length()))
            .findFirst();
    if (id.isEmpty()) {
      return new Use.Fits();
    }
    Map<String, Object> grant = opened.get(id.get());
    if (grant == null || grant.containsKey("committed") || row.containsKey("committed")) {
      return new Use.NotOnRecord();
    }
    return wrong(row, id.get(), grant)
        .<Use>map(why -> new Use.Wrong("grant " + id.get() + " " + why))
        .orElseGet(Use.Fits::new);
  }

  private Optional<String> wrong(Map<String, Object> row, String id, Map<String, Object> grant) {
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
    return at > ended.getOrDefault(id, Long.MAX_VALUE)
        ? Optional.of("had ended")
        : Optional.empty();
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
