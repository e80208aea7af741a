package dev.gatehouse.policy.record;

import dev.gatehouse.policy.condition.ConditionLimits;
import dev.gatehouse.policy.record.ProposedRules.Demanded;
import dev.gatehouse.policy.risk.RiskTables;
import dev.gatehouse.policy.rules.PolicyRule;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Supplier;

/**
 * What recorded calls would have come to under other policies or risk tables.
 *
 * <p>Score, thresholds and policies are judged anew; what the agent's standing, manifest and token
 * demanded stays as it was, and so does what is counted: a call that would have been blocked still
 * counts for its session. A person's answer is no part of it: a call that was approved was one that
 * needed approval. The same rows give the same result. Single thread.
 */
public final class Simulation {

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

  private final ProposedRules proposed;
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
    this.proposed = new ProposedRules(risk, policies, limits);
  }

  /** Takes the rules that the row keeps, if it keeps some; rows of calls follow when all are in. */
  public void learn(Map<String, Object> row) {
    proposed.learn(row);
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
    Demanded demanded = proposed.demand(row, findings, arguments);
    Optional<Changed> changed = changed(row, was, demanded.strongest());
    boolean open = demanded.open().isPresent();
    all = all.plus(changed, open);
    byAgent.merge(
        String.valueOf(row.get("agent")),
        Tally.NONE.plus(changed, open),
        (tally, _) -> tally.plus(changed, open));
    changed
        .map(one -> one.change() == Change.LET_THROUGH ? one.wasBy() : one.wouldBy())
        .or(demanded::open)
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
    return asked ? findings.stream().filter(Finding::asks).findFirst().orElse(decided) : decided;
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
