package dev.gatehouse.policy.record;

import dev.gatehouse.core.json.CanonicalJson;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What lies behind the openings of grants: that people were asked for exactly this scope, that so
 * many of them said yes as were needed, and that the one call which used their answer opened it.
 * Single thread.
 *
 * <p>Of a grant that another node opened, that node's rows are what it is held against; where they
 * are elsewhere, it is unknown.
 */
final class RecordedOpenings {

  private static final String OPERATION = "request_grant";
  private static final String CONNECTOR = "gatehouse";
  private static final long MINUTE_MS = 60_000;

  private final Map<String, Evidence> approvals = new HashMap<>();
  private final Map<String, Map<String, Object>> intents = new HashMap<>();
  private final Map<String, Map<String, Map<String, Object>>> opened = new HashMap<>();
  private final Map<String, Long> reach = new HashMap<>();
  private final Set<String> used = new HashSet<>();
  private long sound;
  private long unknown;

  /** The rows of one approval. */
  private static final class Evidence {
    private @Nullable Map<String, Object> asked;
    private @Nullable Map<String, Object> used;
    private final List<Map<String, Object>> yes = new ArrayList<>();
    private boolean denied;
  }

  /** Takes what the row of that node says of a grant's opening or of what lies behind it. */
  void learn(Map<String, Object> row, String node) {
    String event = String.valueOf(row.get("event"));
    if (event.equals("grant.opened") && row.get("grant") instanceof String id) {
      opened.computeIfAbsent(id, _ -> new TreeMap<>()).putIfAbsent(node, Map.copyOf(row));
    } else if (asksForGrant(row)) {
      if ("intent".equals(row.get("type")) && row.get("call_id") instanceof String call) {
        intents.put(call, Map.copyOf(row));
      } else if (row.get("approval") instanceof String id) {
        learn(event, approvals.computeIfAbsent(id, _ -> new Evidence()), row);
      }
    }
  }

  /** The rows of that node reach that far, by its clock. */
  void reaches(String node, long atMs) {
    reach.merge(node, atMs, Math::max);
  }

  private static void learn(String event, Evidence evidence, Map<String, Object> row) {
    switch (event) {
      case "approval.opened" -> evidence.asked = Map.copyOf(row);
      case "approval.approved" -> evidence.yes.add(Map.copyOf(row));
      case "approval.denied" -> evidence.denied = true;
      case "approval.used" -> evidence.used = Map.copyOf(row);
      default -> {}
    }
  }

  private static boolean asksForGrant(Map<String, Object> row) {
    return CONNECTOR.equals(row.get("connector")) && OPERATION.equals(row.get("operation"));
  }

  /** Openings that have what must lie behind them. */
  long sound() {
    return sound;
  }

  /** Openings of which that cannot be told. */
  long unknown() {
    return unknown;
  }

  /** What is wrong with this opening; the rows of it all were learnt. */
  Optional<String> judge(Map<String, Object> opening, String node) {
    String id = String.valueOf(opening.get("grant"));
    Optional<Optional<String>> found =
        opening.containsKey("committed")
            ? Optional.empty()
            : opening.get("from") instanceof String from
                ? sameAs(from, id, opening)
                : approved(id, opening);
    if (found.isEmpty()) {
      unknown++;
      return Optional.empty();
    }
    if (found.get().isEmpty()) {
      sound++;
    }
    return found.get().map(why -> "grant " + id + " of node " + node + " " + why);
  }

  /** What another node opened is what that node says; empty when its rows are not here. */
  private Optional<Optional<String>> sameAs(String from, String id, Map<String, Object> opening) {
    Map<String, Object> there = opened.getOrDefault(id, Map.of()).get(from);
    if (there == null && reach.getOrDefault(from, 0L) > number(opening.get("at_ms"))) {
      return Optional.of(Optional.of("is said to come from node " + from + ", which opened none"));
    }
    if (there == null || there.containsKey("committed")) {
      return Optional.empty();
    }
    Map<String, Object> here = new HashMap<>(opening);
    here.remove("from");
    return Optional.of(
        here.equals(there)
            ? Optional.empty()
            : Optional.of("is not as node " + from + ", where it was opened, has it on record"));
  }

  private Optional<Optional<String>> approved(String id, Map<String, Object> opening) {
    String approval = String.valueOf(opening.get("approval"));
    Evidence evidence = approvals.getOrDefault(approval, new Evidence());
    if (hidden(evidence.asked)
        || hidden(evidence.used)
        || evidence.yes.stream().anyMatch(RecordedOpenings::hidden)) {
      return Optional.empty();
    }
    if (!used.add(approval) || !id.equals(approval.replaceFirst("^apr_", "grn_"))) {
      return Optional.of(Optional.of("is not the one grant that approval " + approval + " opened"));
    }
    return evidence.asked == null
        ? Optional.of(Optional.of("was opened, and its approval " + approval + " is not on record"))
        : Optional.of(
            asked(opening, evidence.asked)
                .or(() -> answered(opening, evidence))
                .or(() -> carriedOut(opening, evidence, approval)));
  }

  private static boolean hidden(@Nullable Map<String, Object> row) {
    return row != null && row.containsKey("committed");
  }

  private static Optional<String> asked(Map<String, Object> opening, Map<String, Object> asked) {
    for (String member : List.of("agent", "call_id", "approval")) {
      if (!Objects.equals(opening.get(member), asked.get(member))) {
        return Optional.of(
            "was opened for "
                + member
                + " "
                + opening.get(member)
                + ", and approved for "
                + asked.get(member));
      }
    }
    return "grant.request".equals(asked.get("rule"))
        ? Optional.empty()
        : Optional.of("was opened by an approval that " + asked.get("rule") + " asked for");
  }

  private static Optional<String> answered(Map<String, Object> opening, Evidence evidence) {
    Map<String, Object> asked = Objects.requireNonNull(evidence.asked);
    List<String> approvers =
        evidence.yes.stream()
            .filter(yes -> sameRequest(yes, asked))
            .map(yes -> String.valueOf(yes.get("approver")))
            .distinct()
            .toList();
    long quorum = number(asked.get("quorum"));
    if (approvers.size() < quorum || approvers.isEmpty()) {
      return Optional.of(
          "was opened by "
              + approvers.size()
              + " who said yes, where "
              + Math.max(1, quorum)
              + " must");
    }
    if (evidence.denied) {
      return Optional.of("was opened, though somebody said no");
    }
    return String.join(", ", approvers).equals(opening.get("approver"))
        ? Optional.empty()
        : Optional.of(
            "names "
                + opening.get("approver")
                + " as who said yes, which "
                + String.join(", ", approvers)
                + " did");
  }

  private Optional<String> carriedOut(
      Map<String, Object> opening, Evidence evidence, String approval) {
    Map<String, Object> asked = Objects.requireNonNull(evidence.asked);
    Map<String, Object> use = evidence.used;
    if (use == null || !sameRequest(use, asked)) {
      return Optional.of("was opened, and no call used approval " + approval);
    }
    if (number(use.get("at_ms")) >= number(asked.get("expires_at_ms"))) {
      return Optional.of("was opened by approval " + approval + " after that had expired");
    }
    Map<String, Object> call = intents.get(String.valueOf(use.get("call_id")));
    if (call != null && call.containsKey("committed")) {
      return Optional.empty(); // what it hides cannot be held against anything
    }
    if (call == null
        || !("approval:" + approval).equals(call.get("rule"))
        || !sameRequest(call, asked)) {
      return Optional.of("was opened, and no call was let through by approval " + approval);
    }
    String words = "approved as " + approval + "; asks for a grant: " + spelledOut(opening);
    return words.equals(call.get("reason"))
        ? Optional.empty()
        : Optional.of("opens " + spelledOut(opening) + ", which is not what was approved");
  }

  private static boolean sameRequest(Map<String, Object> row, Map<String, Object> asked) {
    return Objects.equals(row.get("request_digest"), asked.get("request_digest"))
        && Objects.equals(row.get("agent"), asked.get("agent"));
  }

  /** The scope of a row in the words that were approved (decision 113). */
  private static String spelledOut(Map<String, Object> opening) {
    long millis = number(opening.get("expires_at_ms")) - number(opening.get("at_ms"));
    String types =
        opening.get("operation_types") instanceof List<?> all
            ? String.join(" and ", all.stream().map(String::valueOf).toList())
            : "";
    return types
        + " on connector "
        + CanonicalJson.text(opening.get("connector"))
        + (opening.containsKey("operation")
            ? ", only its operation " + CanonicalJson.text(opening.get("operation"))
            : ", any operation of that kind")
        + ", target "
        + CanonicalJson.text(opening.get("target"))
        + ", for "
        + (millis % MINUTE_MS == 0 ? millis / MINUTE_MS + " min" : millis + " ms")
        + " without asking again";
  }

  private static long number(@Nullable Object value) {
    return value instanceof Number number ? number.longValue() : 0;
  }
}
