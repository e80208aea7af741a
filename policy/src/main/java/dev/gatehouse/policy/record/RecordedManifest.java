package dev.gatehouse.policy.record;

import dev.gatehouse.core.registry.Glob;
import dev.gatehouse.core.registry.JobBounds;
import dev.gatehouse.core.registry.WorkingHours;
import java.time.DateTimeException;
import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What was registered of an agent, as a row keeps it, and what it demands of a call of then. Which
 * targets a call names stands in its arguments, at paths that are not on record: where it is those
 * that decide, the row is believed.
 */
final class RecordedManifest {

  /** Members of a row that tell what the manifest is asked about; one behind a commitment hides. */
  private static final List<String> ASKED =
      List.of("action_type", "tool", "name", "model", "data_class", "connector_class");

  private final Map<String, Object> tree;
  private final Optional<JobBounds> hours;

  /**
   * @param tree of the form that we wrote, since its digest was right
   * @throws DateTimeException when it names a time zone that is not known here
   */
  RecordedManifest(Map<String, Object> tree) {
    this.tree = tree;
    this.hours =
        tree.containsKey("hours")
            ? Optional.of(new JobBounds(Optional.empty(), Optional.empty(), hours(tree)))
            : Optional.empty();
  }

  /** The labels of the agent. */
  Map<?, ?> labels() {
    return tree.get("labels") instanceof Map<?, ?> labels ? labels : Map.of();
  }

  /** Whether the row tells all that the manifest is asked about. */
  static boolean judges(Map<String, Object> row) {
    return !(row.get("committed") instanceof Map<?, ?> hidden)
        || ASKED.stream().noneMatch(hidden::containsKey);
  }

  /** Says what the manifest demands of a call that is not among its findings, or the reverse. */
  Optional<String> compared(Map<String, Object> row, List<Finding> findings) {
    return named(findings, "manifest.failed")
        ? drift(row, findings)
        : declared(row, findings).or(() -> drift(row, findings));
  }

  private Optional<String> declared(Map<String, Object> row, List<Finding> findings) {
    Optional<String> found =
        findings.stream().map(Finding::rule).filter(r -> r.startsWith("manifest.")).findFirst();
    if (named(findings, "tool.quarantined")) {
      return found.map(rule -> rule + " is among the findings, of a tool that is quarantined");
    }
    List<String> possible = new ArrayList<>(2);
    boolean sure = possible(row, possible);
    String first = found.orElse("");
    if (possible.contains(first) || (!sure && first.isEmpty())) {
      return Optional.empty();
    }
    if (sure && possible.isEmpty()) {
      return found.map(rule -> rule + " is among the findings, and the manifest has it otherwise");
    }
    return found.isEmpty()
        ? Optional.of("by the manifest it is refused as " + String.join(" or ", possible))
        : Optional.of(
            first
                + " is among the findings, by the manifest it would be "
                + String.join(" or ", possible));
  }

  /** Adds the findings that there may be, one of them; false when there may be none, too. */
  private boolean possible(Map<String, Object> row, List<String> possible) {
    boolean sure = true;
    Optional<Boolean> named = declares(row);
    if (named.isEmpty() || !named.get()) {
      possible.add(named(row));
      if (named.isPresent()) {
        return true;
      }
      sure = false;
    }
    boolean ofModel = text(row, "action_type").startsWith("llm.");
    if (!ofModel && !strings("operations").contains(text(row, "operation_type"))) {
      possible.add("manifest.operation");
      return true;
    }
    if (!ofModel && tree.containsKey("targets") && !tierDeclared(row)) {
      possible.add("manifest.target");
      sure = false;
    }
    String dataClass = row.containsKey("data_class") ? "data_class" : "connector_class";
    if (tree.containsKey("data_classes")
        && !strings("data_classes").contains(text(row, dataClass))) {
      possible.add("manifest.data_class");
      return true;
    }
    if (breaksSequence(row)) {
      possible.add("manifest.sequence");
      return true;
    }
    return sure;
  }

  private static String named(Map<String, Object> row) {
    String action = text(row, "action_type");
    return action.equals("tool.call")
        ? "manifest.tool"
        : action.startsWith("llm.") ? "manifest.model" : "manifest.context";
  }

  /** Empty when the row does not tell whether it is a prompt or a resource that is completed. */
  private Optional<Boolean> declares(Map<String, Object> row) {
    String action = text(row, "action_type");
    if (action.equals("tool.call")) {
      return Optional.of(matches("tools", text(row, "tool")));
    }
    if (action.startsWith("llm.")) {
      return Optional.of(matches("models", text(row, "model")));
    }
    boolean resource = matches("resources", text(row, "name"));
    boolean prompt = matches("prompts", text(row, "name"));
    if (action.startsWith("resources.")) {
      return Optional.of(resource);
    }
    if (action.startsWith("prompts.")) {
      return Optional.of(prompt);
    }
    return resource == prompt ? Optional.of(resource) : Optional.empty();
  }

  private boolean tierDeclared(Map<String, Object> row) {
    return strings("targets").contains(text(row, "target_tier"));
  }

  private boolean breaksSequence(Map<String, Object> row) {
    String name = text(row, "tool") + text(row, "name") + text(row, "model");
    return tree.get("sequences") instanceof List<?> sequences
        && sequences.stream()
            .anyMatch(one -> one instanceof Map<?, ?> sequence && breaks(sequence, name, row));
  }

  private static boolean breaks(Map<?, ?> sequence, String name, Map<String, Object> row) {
    return sequence.get("after") instanceof String after
        ? matches(sequence.get("never"), name) && holds(row.get("session_begun"), after)
        : matches(sequence.get("before"), name)
            && !holds(row.get("session_completed"), String.valueOf(sequence.get("require")));
  }

  private Optional<String> drift(Map<String, Object> row, List<Finding> findings) {
    if (named(findings, "drift.failed")) {
      return Optional.empty();
    }
    boolean tooFast =
        tree.get("calls_per_minute") instanceof Number declared
            && row.get("calls_last_minute") instanceof Number calls
            && calls.longValue() > declared.longValue();
    boolean offHours =
        row.get("decided_at_ms") instanceof Number at
            && hours
                .filter(bounds -> !bounds.holdAt(Instant.ofEpochMilli(at.longValue())))
                .isPresent();
    return differs(findings, "drift.calls_per_minute", tooFast)
        .or(() -> differs(findings, "drift.hours", offHours));
  }

  private static Optional<String> differs(List<Finding> findings, String rule, boolean due) {
    if (named(findings, rule) == due) {
      return Optional.empty();
    }
    return Optional.of(
        due
            ? "by the manifest it is " + rule + ", which is not among the findings"
            : rule + " is among the findings, and by the manifest it is not");
  }

  private static boolean named(List<Finding> findings, String rule) {
    return findings.stream().anyMatch(finding -> finding.rule().equals(rule));
  }

  private boolean matches(String patterns, String name) {
    return strings(patterns).stream().anyMatch(pattern -> new Glob(pattern).matches(name));
  }

  private static boolean matches(@Nullable Object pattern, String name) {
    return new Glob(String.valueOf(pattern)).matches(name);
  }

  private static boolean holds(@Nullable Object list, String text) {
    return list instanceof List<?> some && some.contains(text);
  }

  private List<String> strings(String name) {
    return tree.get(name) instanceof List<?> list
        ? list.stream().map(String::valueOf).toList()
        : List.of();
  }

  private static String text(Map<String, Object> row, String name) {
    return row.get(name) instanceof String text ? text : "";
  }

  private static List<WorkingHours> hours(Map<String, Object> tree) {
    return tree.get("hours") instanceof List<?> all
        ? all.stream().map(one -> some(one instanceof Map<?, ?> map ? map : Map.of())).toList()
        : List.of();
  }

  private static WorkingHours some(Map<?, ?> one) {
    Set<DayOfWeek> days =
        one.get("days") instanceof List<?> named
            ? named.stream()
                .map(String::valueOf)
                .map(DayOfWeek::valueOf)
                .collect(Collectors.toSet())
            : Set.of();
    return new WorkingHours(
        days,
        LocalTime.parse(String.valueOf(one.get("from"))),
        LocalTime.parse(String.valueOf(one.get("to"))),
        ZoneId.of(String.valueOf(one.get("zone"))));
  }
}
