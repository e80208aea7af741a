package dev.gatehouse.policy.record;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/**
 * Judges calls again from their rows alone: the score from its inputs and the tables of then, what
 * thresholds and policies demand from the score and the rules of then, the verdict from all
 * demands, and whether a grant that met them opened this very call.
 *
 * <p>What is not on record is taken from the row as it stands: demands of the token and of limits,
 * of the manifest those that targets decide, and of the conditions of policies those that need
 * arguments that were not kept. Single thread.
 */
public final class Recomputation {

  /** The node of rows that are all of one. */
  private static final String ONE_NODE = "";

  private static final List<String> INPUTS =
      List.of(
          "connector",
          "operation",
          "operation_type",
          "connector_class",
          "target_tier",
          "session_actions");

  /**
   * How far it got.
   *
   * @param decisions that came out as they stand
   * @param unknown whose tables, policies or grant are not on record, or who hide what they
   *     followed from behind commitments
   * @param conditions demands of policies with a condition, which were taken as they stand
   * @param withArguments conditions that were evaluated again with the call's arguments
   * @param withoutArguments conditions that were evaluated again and needed none
   */
  public record Summary(
      long decisions, long unknown, long conditions, long withArguments, long withoutArguments) {}

  /**
   * How many openings of grants were looked behind.
   *
   * @param approved that have their approval on record
   * @param unknown of which that cannot be told: another node opened them whose rows are not here,
   *     or rows hide it behind commitments
   */
  public record Openings(long approved, long unknown) {}

  private final RecordedRules rules = new RecordedRules();
  private final RecordedAgents agents = new RecordedAgents();
  private final RecordedGrants grants = new RecordedGrants();
  private final RecordedOpenings openings = new RecordedOpenings();
  private long decisions;
  private long withManifest;
  private long unknown;
  private final RecordedConditions conditions = new RecordedConditions();

  /**
   * Takes the rules that the row keeps, or what it tells of a grant; rows of calls follow when all
   * are in.
   */
  public void learn(Map<String, Object> row) {
    learn(row, ONE_NODE);
  }

  /**
   * The same for a record of several nodes.
   *
   * @param node the node of the fleet whose row it is
   */
  public void learn(Map<String, Object> row, String node) {
    rules.learn(row);
    agents.learn(row);
    grants.learn(row, node);
    openings.learn(row, node);
  }

  /** Judges the call of an intent row again; says what comes out otherwise than it stands. */
  public Optional<String> judge(Map<String, Object> row) {
    return judge(row, ONE_NODE, Optional::empty);
  }

  /** The same with the call's arguments, if they were kept. */
  public Optional<String> judge(
      Map<String, Object> row, Supplier<Optional<Map<String, Object>>> arguments) {
    return judge(row, ONE_NODE, arguments);
  }

  /** Takes note that the rows of that node reach that far. */
  public void reaches(String node, Instant at) {
    openings.reaches(node, at.toEpochMilli());
  }

  /** Whether a grant's opening has a genuine approval behind it; says what it lacks. */
  public Optional<String> judgeOpening(Map<String, Object> row, String node) {
    return openings.judge(row, node);
  }

  /**
   * Judges the call of an intent row again.
   *
   * @param node the node of the fleet whose row it is
   * @param arguments those of the call, if they were kept; asked each time that a condition reads
   *     them
   */
  public Optional<String> judge(
      Map<String, Object> row, String node, Supplier<Optional<Map<String, Object>>> arguments) {
    Optional<RecordedTables> tables = rules.tables(row.get("risk_digest"));
    Optional<List<RecordedRule>> policies = rules.policies(row.get("policy_digest"));
    if (tables.isEmpty() || policies.isEmpty() || hides(row)) {
      unknown++;
      return Optional.empty();
    }
    List<Finding> findings = Finding.of(row);
    RecordedGrants.Use use = grants.judge(row, findings, node);
    if (use instanceof RecordedGrants.Use.NotOnRecord) {
      unknown++;
      return Optional.empty();
    }
    boolean refusedFirst = findings.stream().anyMatch(finding -> finding.isOf("standing."));
    boolean unscored = refusedFirst || named(findings, "risk.failed");
    Map<String, Integer> score = unscored ? tables.get().highest() : tables.get().score(row);
    Optional<String> problem =
        scored(score, row)
            .or(() -> unscored ? Optional.empty() : thresholds(score, findings))
            .or(
                () ->
                    refusedFirst
                        ? Optional.empty()
                        : demanded(
                            policies.get(),
                            findings,
                            again(
                                row, unscored ? Optional.empty() : Optional.of(score), arguments)))
            .or(() -> refusedFirst ? Optional.empty() : manifest(row, findings))
            .or(() -> verdict(row, findings))
            .or(
                () ->
                    use instanceof RecordedGrants.Use.Wrong(var why)
                        ? Optional.of(why)
                        : Optional.empty());
    if (problem.isEmpty()) {
      decisions++;
    }
    return problem;
  }

  /** Whether what its decision followed from stands behind commitments. */
  static boolean hides(Map<String, Object> row) {
    return row.containsKey("committed") && !row.keySet().containsAll(INPUTS);
  }

  /** What was done so far. */
  public Summary summary() {
    return new Summary(
        decisions,
        unknown,
        conditions.asTheyStand(),
        conditions.withArguments(),
        conditions.withoutArguments());
  }

  /** How many calls were held against what was registered of their agents then. */
  public long withManifest() {
    return withManifest;
  }

  /** Which openings of grants were looked behind so far. */
  public Openings openings() {
    return new Openings(openings.sound(), openings.unknown());
  }

  private Optional<String> manifest(Map<String, Object> row, List<Finding> findings) {
    Optional<RecordedManifest> known = agents.find(row.get("agent_version"));
    if (known.isEmpty() || !RecordedManifest.judges(row)) {
      return Optional.empty();
    }
    withManifest++;
    return known.get().compared(row, findings);
  }

  private static Optional<String> scored(Map<String, Integer> score, Map<String, Object> row) {
    if (!(row.get("risk") instanceof Map<?, ?> stated)) {
      return Optional.of("it has no risk");
    }
    for (String part : List.of("operation", "connector", "session", "target", "total")) {
      if (!Objects.equals(score.get(part), stated.get(part))) {
        return Optional.of(
            "risk " + part + " is " + stated.get(part) + ", by the tables " + score.get(part));
      }
    }
    for (String threshold : List.of("review_threshold", "deny_threshold")) {
      if (!Objects.equals(score.get(threshold), stated.get(threshold))) {
        return Optional.of(
            threshold + " is " + stated.get(threshold) + ", in the tables " + score.get(threshold));
      }
    }
    return Optional.empty();
  }

  private static Optional<String> thresholds(Map<String, Integer> score, List<Finding> findings) {
    boolean denies = reaches(score, "deny_threshold");
    boolean reviews = !denies && reaches(score, "review_threshold");
    if (named(findings, "risk.deny") != denies) {
      return Optional.of("risk " + score.get("total") + (denies ? " denies" : " does not deny"));
    }
    if (named(findings, "risk.review") != reviews) {
      return Optional.of(
          "risk " + score.get("total") + (reviews ? " asks for a review" : " asks for no review"));
    }
    return Optional.empty();
  }

  static boolean reaches(Map<String, Integer> score, String threshold) {
    return score.getOrDefault("total", 0) >= score.getOrDefault(threshold, 0);
  }

  private RecordedCall again(
      Map<String, Object> row,
      Optional<Map<String, Integer>> score,
      Supplier<Optional<Map<String, Object>>> arguments) {
    return new RecordedCall(
        row,
        score,
        arguments,
        rules.limits(row.get("policy_digest")),
        agents.find(row.get("agent_version")).map(RecordedManifest::labels));
  }

  private Optional<String> demanded(
      List<RecordedRule> policies, List<Finding> findings, RecordedCall call) {
    if (named(findings, "policy.too_many_conditions") || named(findings, "policy.failed")) {
      return Optional.empty();
    }
    Set<String> expected = new HashSet<>();
    for (RecordedRule rule : policies) {
      if (rule.when().matches(call.operation())) {
        expected.add(rule.finding());
        Optional<String> problem = conditions.compared(rule, found(findings, rule), call);
        if (problem.isPresent()) {
          return problem;
        }
      }
    }
    return findings.stream()
        .filter(finding -> finding.isOf("policy:") && !expected.contains(finding.rule()))
        .findFirst()
        .map(
            finding ->
                finding.rule() + " is among the findings, and matches no " + call.operation());
  }

  private static Optional<String> found(List<Finding> findings, RecordedRule rule) {
    return findings.stream()
        .filter(finding -> finding.rule().equals(rule.finding()))
        .map(Finding::verdict)
        .findAny();
  }

  private static Optional<String> verdict(Map<String, Object> row, List<Finding> findings) {
    String verdict = String.valueOf(row.get("verdict"));
    String rule = String.valueOf(row.get("rule"));
    List<Finding> asked =
        findings.stream().filter(finding -> finding.verdict().equals("approval_required")).toList();
    boolean lowered = Finding.lowers(rule) || findings.stream().anyMatch(Finding::lowers);
    boolean unmet = rule.equals("approval.conflict") || rule.equals("approval.failed");
    if (verdict.equals("replay")) {
      return Optional.empty();
    }
    List<Finding> counting = new ArrayList<>(findings);
    if (lowered) {
      counting.removeAll(asked);
    }
    String strongest =
        unmet && !asked.isEmpty()
            ? "deny"
            : counting.stream()
                .map(Finding::verdict)
                .max(Comparator.comparingInt(Finding::strength))
                .orElse("allow");
    if (!verdict.equals(strongest)) {
      return Optional.of("the verdict is " + verdict + ", by its findings " + strongest);
    }
    if (lowered && asked.isEmpty()) {
      return Optional.of(
          "an approval or grant is there that no finding asked for; decided by " + rule);
    }
    boolean ofNothing = Finding.strength(verdict) == 0;
    if (!unmet && !ofNothing && !named(counting, rule)) {
      return Optional.of(rule + " decided, and is not among the findings");
    }
    return Optional.empty();
  }

  private static boolean named(List<Finding> findings, String rule) {
    return findings.stream().anyMatch(finding -> finding.rule().equals(rule));
  }
}
