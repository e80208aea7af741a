package dev.gatehouse.policy.record;

import dev.gatehouse.policy.condition.ConditionLimits;
import dev.gatehouse.policy.risk.RiskTables;
import dev.gatehouse.policy.rules.PolicyRule;
import dev.gatehouse.policy.rules.RuleSet;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What recorded calls would have come to under other policies or risk tables.
 *
 * <p>Score, thresholds and policies are judged anew; what the agent's standing, manifest and token
 * demanded stays as it was, and so does what is counted: a call that would have been blocked still
 * counts for its session. A person's answer is no part of it: a call that was approved was one that
 * needed approval. The same rows give the same result. Single thread.
 */
public final class Simulation {

  /** Operations whose rules are remembered; names of operations come from upstreams. */
  private static final int OPERATIONS_MAX = 20_000;

  private static final String TOO_MANY = "policy.too_many_conditions";

  /** What becomes of a call whose verdict changes. */
  public enum Change {
    /** It would be denied. */
    BLOCKED,
    /** It would wait for people. */
    QUEUED,
    /** It would have to come again later. */
    SLOWED,
    /** Nothing would hold it any more. */
    LET_THROUGH
  }

  /**
   * A call that would come to something else.
   *
   * @param was {@code allow}, {@code throttle}, {@code approval_required} or {@code deny}
   * @param wasBy the rule that decided then
   * @param would the same for what it would come to
   * @param wouldBy the rule that would decide
   */
  public record Changed(
      Change change,
      String agent,
      String operation,
      String was,
      String wasBy,
      String would,
      String wouldBy) {}

  /**
   * How many.
   *
   * @param calls judged
   * @param undecided calls for which a policy's condition could have decided, that nothing on
   *     record tells the truth of; they count as if it did not hold
   */
  public record Tally(long calls, long undecided, Map<Change, Long> changes) {

    static final Tally NONE = new Tally(0, 0, Map.of());

    public Tally {
      changes = Map.copyOf(changes);
    }

    Tally plus(Optional<Changed> changed, boolean open) {
      Map<Change, Long> more = new HashMap<>(changes);
      changed.ifPresent(one -> more.merge(one.change(), 1L, Long::sum));
      return new Tally(calls + 1, undecided + (open ? 1 : 0), more);
    }

    /** How many would come to this. */
    public long of(Change change) {
      return changes.getOrDefault(change, 0L);
    }
  }

  private final RecordedTables tables;
  private final List<RecordedRule> policies;
  private final String policyDigest;
  private final ConditionLimits limits;
  private final RecordedRules then = new RecordedRules();
  private final Map<String, List<RecordedRule>> byOperation = new HashMap<>();
  private final SortedMap<String, Tally> byAgent = new TreeMap<>();
  private final SortedMap<String, Tally> byRule = new TreeMap<>();
  private Tally all = Tally.NONE;
  private long hidden;

  /**
   * Under these.
   *
   * @throws IllegalArgumentException when two policies have one name
   */
  public Simulation(RiskTables risk, List<PolicyRule> policies, ConditionLimits limits) {
    this.limits = limits;
    this.tables = new RecordedTables(risk.tree());
    this.policies =
        policies.stream()
            .sorted(Comparator.comparing(PolicyRule::name))
            .map(rule -> RecordedRule.of(rule.tree()))
            .toList();
    this.policyDigest = new RuleSet(policies, limits).digest().hex();
  }

  /** Takes the rules that the row keeps, if it keeps some; rows of calls follow when all are in. */
  public void learn(Map<String, Object> row) {
    then.learn(row);
  }

  /** Judges the call of an intent row; empty when it would come to the same. */
  public Optional<Changed> judge(Map<String, Object> row) {
    return judge(row, Optional::empty);
  }

  /**
   * The same with the call's arguments, if they were kept.
   *
   * @param arguments asked each time that a condition reads them
   */
  public Optional<Changed> judge(
      Map<String, Object> row, Supplier<Optional<Map<String, Object>>> arguments) {
    if (String.valueOf(row.get("verdict")).equals("replay")) {
      return Optional.empty();
    }
    if (Recomputation.hides(row)) {
      hidden++;
      return Optional.empty();
    }
    List<Finding> findings = Finding.of(row);
    Finding was = was(row, findings);
    Proposed proposed = proposed(row, findings, arguments);
    Optional<Changed> changed = changed(row, was, proposed.strongest());
    boolean open = proposed.open().isPresent();
    all = all.plus(changed, open);
    byAgent.merge(
        String.valueOf(row.get("agent")),
        Tally.NONE.plus(changed, open),
        (tally, _) -> tally.plus(changed, open));
    changed
        .map(one -> one.change() == Change.LET_THROUGH ? one.wasBy() : one.wouldBy())
        .or(proposed::open)
        .ifPresent(
            rule ->
                byRule.merge(
                    rule, Tally.NONE.plus(changed, open), (tally, _) -> tally.plus(changed, open)));
    return changed;
  }

  /** Over all calls. */
  public Tally all() {
    return all;
  }

  /** By agent. */
  public SortedMap<String, Tally> byAgent() {
    return byAgent;
  }

  /** Of what changes or is undecided, by the rule that makes the difference. */
  public SortedMap<String, Tally> byRule() {
    return byRule;
  }

  /** Calls left out, because what they followed from stands behind commitments. */
  public long hidden() {
    return hidden;
  }

  /** What was demanded of the call, whether or not a person met it. */
  private static Finding was(Map<String, Object> row, List<Finding> findings) {
    String rule = String.valueOf(row.get("rule"));
    Finding decided = new Finding(String.valueOf(row.get("verdict")), rule);
    boolean asked =
        Finding.lowers(rule)
            || findings.stream().anyMatch(Finding::lowers)
            || rule.equals("approval.failed");
    return asked ? findings.stream().filter(Simulation::asks).findFirst().orElse(decided) : decided;
  }

  private static boolean asks(Finding finding) {
    return finding.verdict().equals("approval_required");
  }

  /**
   * What would be demanded.
   *
   * @param open a policy that would decide if its condition held, which nobody can tell
   */
  private record Proposed(Finding strongest, Optional<String> open) {}

  /** In the order of the live decision, so that of equal demands the same one decides. */
  private Proposed proposed(
      Map<String, Object> row,
      List<Finding> findings,
      Supplier<Optional<Map<String, Object>>> arguments) {
    List<Finding> demands = new ArrayList<>(findings.stream().filter(this::stays).toList());
    Optional<Finding> perhaps = Optional.empty();
    if (findings.stream().noneMatch(finding -> finding.isOf("standing."))) {
      Optional<Map<String, Integer>> score =
          findings.stream().anyMatch(finding -> finding.rule().equals("risk.failed"))
              ? Optional.empty()
              : Optional.of(tables.score(row));
      score.flatMap(Simulation::threshold).ifPresent(demands::add);
      perhaps =
          policies(new RecordedCall(row, score, arguments, Optional.of(limits)), findings, demands);
    }
    Finding strongest = new Finding("allow", "default");
    for (Finding demand : demands) {
      strongest = stronger(strongest, demand);
    }
    Finding decides = asks(strongest) ? combined(demands) : strongest;
    return new Proposed(
        decides,
        perhaps
            .filter(open -> Finding.strength(open.verdict()) > Finding.strength(decides.verdict()))
            .map(Finding::rule));
  }

  /** Whether a finding is no matter of thresholds or policies, nor of a person's answer. */
  private boolean stays(Finding finding) {
    return !finding.rule().equals("risk.deny")
        && !finding.rule().equals("risk.review")
        && !finding.lowers()
        && !finding.isOf("policy:")
        && !finding.rule().equals(TOO_MANY);
  }

  /** All demands for approval as one question; refused when nobody could answer them all. */
  private Finding combined(List<Finding> demands) {
    List<Finding> asking = demands.stream().filter(Simulation::asks).toList();
    Finding combined = asking.getFirst();
    List<String> accepted = approvers(combined);
    for (Finding demand : asking.subList(1, asking.size())) {
      List<String> named = approvers(demand);
      if (accepted.isEmpty()) {
        combined = demand;
        accepted = named;
      } else if (!named.isEmpty()) {
        accepted = accepted.stream().filter(named::contains).toList();
        if (accepted.isEmpty()) {
          return new Finding("deny", "approval.conflict");
        }
      }
    }
    return combined;
  }

  private List<String> approvers(Finding demand) {
    return policies.stream()
        .filter(rule -> rule.finding().equals(demand.rule()))
        .findFirst()
        .map(RecordedRule::approvers)
        .orElse(List.of());
  }

  private static Optional<Finding> threshold(Map<String, Integer> score) {
    if (Recomputation.reaches(score, "deny_threshold")) {
      return Optional.of(new Finding("deny", "risk.deny"));
    }
    return Recomputation.reaches(score, "review_threshold")
        ? Optional.of(new Finding("approval_required", "risk.review"))
        : Optional.empty();
  }

  /** Adds what policies would demand; returns the strongest that may or may not be demanded. */
  private Optional<Finding> policies(
      RecordedCall call, List<Finding> findings, List<Finding> demands) {
    List<RecordedRule> matching = matching(call.operation());
    if (matching.stream().filter(RecordedRule::conditional).count() > RuleSet.CONDITIONS_MAX) {
      demands.add(new Finding("deny", TOO_MANY));
      return Optional.empty();
    }
    List<RecordedRule> known = known(call.row().get("policy_digest"));
    Optional<Finding> perhaps = Optional.empty();
    for (RecordedRule rule : matching) {
      Finding demand = new Finding(rule.verdict(), rule.finding());
      if (!rule.conditional()) {
        demands.add(demand);
        continue;
      }
      Optional<RecordedRule> old =
          known.stream().filter(one -> sameCondition(one, rule)).findFirst();
      if (call.evaluate(rule) instanceof RecordedCondition.Evaluated(String verdict, _)) {
        if (!verdict.isEmpty()) {
          demands.add(new Finding(verdict, rule.finding()));
        }
      } else if (old.isPresent()) {
        held(old.get(), demand, findings).ifPresent(demands::add);
      } else {
        perhaps = Optional.of(perhaps.map(other -> stronger(other, demand)).orElse(demand));
      }
    }
    return perhaps;
  }

  private List<RecordedRule> known(@Nullable Object digest) {
    return policyDigest.equals(digest) ? policies : then.policies(digest).orElse(List.of());
  }

  private static boolean sameCondition(RecordedRule old, RecordedRule rule) {
    return old.name().equals(rule.name())
        && old.when().equals(rule.when())
        && old.condition().equals(rule.condition());
  }

  /** The demand, where the condition held then; one that could not be evaluated denies again. */
  private static Optional<Finding> held(RecordedRule old, Finding demand, List<Finding> findings) {
    return findings.stream()
        .filter(finding -> finding.rule().equals(old.finding()))
        .findFirst()
        .map(finding -> finding.verdict().equals(old.verdict()) ? demand : finding);
  }

  private List<RecordedRule> matching(String operation) {
    if (byOperation.size() >= OPERATIONS_MAX) {
      byOperation.clear();
    }
    return byOperation.computeIfAbsent(
        operation, name -> policies.stream().filter(rule -> rule.when().matches(name)).toList());
  }

  private static Finding stronger(Finding one, Finding other) {
    return Finding.strength(other.verdict()) > Finding.strength(one.verdict()) ? other : one;
  }

  private static Optional<Changed> changed(Map<String, Object> row, Finding was, Finding would) {
    if (was.verdict().equals(would.verdict())) {
      return Optional.empty();
    }
    Change change =
        switch (would.verdict()) {
          case "deny" -> Change.BLOCKED;
          case "approval_required" -> Change.QUEUED;
          case "throttle" -> Change.SLOWED;
          default -> Change.LET_THROUGH;
        };
    return Optional.of(
        new Changed(
            change,
            String.valueOf(row.get("agent")),
            row.get("connector") + "." + row.get("operation"),
            was.verdict(),
            was.rule(),
            would.verdict(),
            would.rule()));
  }
}
