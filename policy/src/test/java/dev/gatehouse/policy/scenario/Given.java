package dev.gatehouse.policy.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.core.call.OperationType;
import dev.gatehouse.core.call.TargetTier;
import dev.gatehouse.core.decision.DriftModel.Severity;
import dev.gatehouse.core.limit.Measure;
import dev.gatehouse.core.limit.UsageLimit;
import dev.gatehouse.core.limit.UsageLimit.Dimension;
import dev.gatehouse.core.registry.Agent;
import dev.gatehouse.core.registry.AgentId;
import dev.gatehouse.core.registry.AgentStatus;
import dev.gatehouse.core.registry.DeclaredTargets;
import dev.gatehouse.core.registry.Glob;
import dev.gatehouse.core.registry.JobBounds;
import dev.gatehouse.core.registry.Manifest;
import dev.gatehouse.core.registry.Sequence;
import dev.gatehouse.core.registry.Sequence.NeverAfter;
import dev.gatehouse.core.registry.Sequence.RequireBefore;
import dev.gatehouse.core.registry.WorkingHours;
import dev.gatehouse.policy.GovernanceRules;
import dev.gatehouse.policy.condition.ConditionLimits;
import dev.gatehouse.policy.drift.DriftRules;
import dev.gatehouse.policy.risk.RiskTables;
import dev.gatehouse.policy.risk.SessionStep;
import dev.gatehouse.policy.text.PolicyText;
import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Collectors;

/** What a scenario starts from. */
final class Given {

  private Given() {}

  static List<Agent> agents(Tree given) {
    List<Agent> agents = new ArrayList<>();
    List<?> listed = given.has("agents") ? given.list("agents") : List.of(Map.of("id", "triage"));
    for (Object element : listed) {
      agents.add(
          agent(
              Tree.of(element)
                  .only(
                      "id",
                      "owner",
                      "labels",
                      "status",
                      "reason",
                      "tools",
                      "operations",
                      "models",
                      "resources",
                      "prompts",
                      "calls_per_minute",
                      "targets",
                      "data_classes",
                      "hours",
                      "sequences")));
    }
    return agents;
  }

  private static Agent agent(Tree agent) {
    Map<String, String> labels = new LinkedHashMap<>();
    agent.object("labels").forEach((key, value) -> labels.put(key, String.valueOf(value)));
    Set<OperationType> operations =
        agent.has("operations")
            ? agent.texts("operations").stream()
                .map(word -> Tree.constant(OperationType.class, word))
                .collect(Collectors.toSet())
            : EnumSet.allOf(OperationType.class);
    return new Agent(
        new AgentId(agent.text("id", "triage")),
        agent.text("owner", "Ann Owner"),
        labels,
        agent.constant(AgentStatus.class, "status", AgentStatus.ACTIVE),
        agent.text("reason", ""),
        new Manifest(
            "scenarios",
            globs(agent, "tools"),
            operations,
            globs(agent, "models"),
            globs(agent, "resources"),
            globs(agent, "prompts"),
            agent.has("calls_per_minute")
                ? OptionalInt.of(agent.integer("calls_per_minute", 1))
                : OptionalInt.empty(),
            bounds(agent)));
  }

  private static JobBounds bounds(Tree agent) {
    return new JobBounds(
        agent.has("targets")
            ? Optional.of(new DeclaredTargets(agent.texts("targets")))
            : Optional.empty(),
        agent.has("data_classes")
            ? Optional.of(Set.copyOf(agent.texts("data_classes")))
            : Optional.empty(),
        agent.list("hours").stream().map(hours -> hours(Tree.of(hours))).toList(),
        agent.list("sequences").stream().map(one -> sequence(Tree.of(one))).toList());
  }

  private static Sequence sequence(Tree sequence) {
    if (sequence.has("after")) {
      sequence.only("after", "never");
      return new NeverAfter(
          new Glob(sequence.text("after", "")), new Glob(sequence.text("never", "")));
    }
    sequence.only("before", "require");
    return new RequireBefore(
        new Glob(sequence.text("before", "")), new Glob(sequence.text("require", "")));
  }

  private static WorkingHours hours(Tree hours) {
    hours.only("days", "from", "to", "zone");
    return new WorkingHours(
        hours.texts("days").stream()
            .map(word -> Tree.constant(DayOfWeek.class, word))
            .collect(Collectors.toSet()),
        LocalTime.parse(hours.text("from", "")),
        LocalTime.parse(hours.text("to", "")),
        ZoneId.of(hours.text("zone", "UTC")));
  }

  static List<UsageLimit> toolLimits(Tree given) {
    return given.list("tool_limits").stream().map(one -> toolLimit(Tree.of(one))).toList();
  }

  private static UsageLimit toolLimit(Tree limit) {
    limit.only("name", "per", "tools", "agents", "calls_per_minute", "calls_per_day");
    Map<Measure, Long> amounts = new EnumMap<>(Measure.class);
    for (Measure measure : List.of(Measure.CALLS_PER_MINUTE, Measure.CALLS_PER_DAY)) {
      String key = measure.name().toLowerCase(Locale.ROOT);
      if (limit.has(key)) {
        amounts.put(measure, (long) limit.integer(key, 0));
      }
    }
    return new UsageLimit(
        limit.text("name", "l"),
        limit.texts("per").stream()
            .map(word -> Tree.constant(Dimension.class, word))
            .collect(Collectors.toSet()),
        patterns(limit, "agents"),
        List.of(),
        List.of(),
        patterns(limit, "tools"),
        amounts);
  }

  private static List<Glob> patterns(Tree limit, String key) {
    return limit.texts(key).stream().map(Glob::new).toList();
  }

  /** When it begins. */
  static Instant at(Tree given) {
    return Instant.parse(given.text("at", "2026-01-01T00:00:00Z"));
  }

  private static DriftRules drift(Tree drift) {
    drift.only("undeclared", "calls_per_minute", "hours", "sequence");
    DriftRules fallback = DriftRules.DEFAULT;
    return new DriftRules(
        drift.has("undeclared")
            ? Optional.of(Tree.constant(Severity.class, drift.text("undeclared", "")))
            : Optional.empty(),
        drift.constant(Severity.class, "calls_per_minute", fallback.callsPerMinute()),
        drift.constant(Severity.class, "hours", fallback.hours()),
        drift.has("sequence")
            ? Optional.of(Tree.constant(Severity.class, drift.text("sequence", "")))
            : Optional.empty());
  }

  private static List<Glob> globs(Tree agent, String key) {
    return agent.has(key)
        ? agent.texts(key).stream().map(Glob::new).toList()
        : List.of(new Glob("*"));
  }

  static GovernanceRules rules(Tree given) {
    PolicyText.Parsed parsed = PolicyText.parse(given.text("policies", ""));
    assertThat(parsed.problems()).isEmpty();
    Tree limits = given.tree("limits").only("iterations", "payload_chars");
    ConditionLimits fallback = ConditionLimits.DEFAULT;
    return new GovernanceRules(
        tables(given.tree("risk")),
        parsed.rules().stream().map(PolicyText.Placed::rule).toList(),
        new ConditionLimits(
            limits.integer("iterations", fallback.iterationsMax()),
            limits.integer("payload_chars", fallback.payloadCharsMax())),
        drift(given.tree("drift")));
  }

  private static RiskTables tables(Tree risk) {
    risk.only("operation", "class", "other_class", "session", "target", "review", "deny");
    RiskTables fallback = RiskTables.DEFAULT;
    Map<OperationType, Integer> operation = new EnumMap<>(fallback.operation());
    risk.integers("operation")
        .forEach((word, points) -> operation.put(Tree.constant(OperationType.class, word), points));
    Map<String, Integer> classes = new LinkedHashMap<>(fallback.connectorClass());
    classes.putAll(risk.integers("class"));
    Map<TargetTier, Integer> target = new EnumMap<>(fallback.target());
    risk.integers("target")
        .forEach((word, points) -> target.put(Tree.constant(TargetTier.class, word), points));
    List<SessionStep> steps =
        risk.integers("session").entrySet().stream()
            .map(step -> new SessionStep(Integer.parseInt(step.getKey()), step.getValue()))
            .toList();
    return new RiskTables(
        operation,
        classes,
        risk.integer("other_class", fallback.otherConnectorClass()),
        risk.has("session") ? steps : fallback.session(),
        target,
        risk.integer("review", fallback.reviewThreshold()),
        risk.integer("deny", fallback.denyThreshold()));
  }
}
