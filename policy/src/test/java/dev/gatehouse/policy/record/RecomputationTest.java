package dev.gatehouse.policy.record;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.core.call.OperationType;
import dev.gatehouse.core.call.TargetTier;
import dev.gatehouse.core.registry.Glob;
import dev.gatehouse.policy.Calls;
import dev.gatehouse.policy.GovernanceRules;
import dev.gatehouse.policy.condition.ConditionLimits;
import dev.gatehouse.policy.drift.DriftRules;
import dev.gatehouse.policy.risk.RiskTables;
import dev.gatehouse.policy.rules.Effect;
import dev.gatehouse.policy.rules.PolicyRule;
import dev.gatehouse.policy.rules.Severity;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Judging again from rows alone; every scenario of the scenario suite is judged again besides. */
class RecomputationTest {

  private static final PolicyRule SLOW =
      new PolicyRule(
          "slow-close",
          new Glob("tickets.close"),
          new Effect.Throttle(Duration.ofSeconds(5)),
          Severity.LOW);
  private static final PolicyRule URGENT =
      new PolicyRule(
          "urgent",
          new Glob("tickets.*"),
          Optional.of("has(payload.urgent)"),
          new Effect.Deny(),
          Severity.LOW,
          List.of());

  private final RecordScene scene =
      new RecordScene(
          new GovernanceRules(RiskTables.DEFAULT, List.of(URGENT, SLOW)),
          Calls.agent(Calls.TRIAGE),
          "financial",
          Instant.parse("2026-01-01T00:00:00Z"));

  @AfterEach
  void close() {
    scene.close();
  }

  private Map<String, Object> row(String operation, OperationType type, TargetTier tier) {
    return scene.row(operation, type, tier);
  }

  private Recomputation learnt() {
    return scene.learnt();
  }

  @Test
  void whatWasDecidedComesOutAgain() {
    List<Map<String, Object>> rows =
        List.of(
            row("get", OperationType.READ, TargetTier.DEV),
            row("close", OperationType.READ, TargetTier.DEV),
            row("get", OperationType.WRITE, TargetTier.PROD),
            row("close", OperationType.DESTRUCTIVE, TargetTier.PROD));
    Recomputation again = learnt();

    assertThat(rows)
        .extracting(row -> row.get("verdict"))
        .containsExactly("allow", "throttle", "approval_required", "deny");
    assertThat(rows).allSatisfy(row -> assertThat(again.judge(row)).isEmpty());
    assertThat(again.summary()).isEqualTo(new Recomputation.Summary(4, 0, 4, 0, 0));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "target_tier    | dev       | risk target is 20, by the tables 0",
        "operation_type | read      | risk operation is 10, by the tables 0",
        "session_actions| 5000      | risk session is 0, by the tables 15",
        "connector_class| public    | risk connector is 22, by the tables 10",
        "verdict        | allow     | the verdict is allow, by its findings approval_required",
        "verdict        | deny      | the verdict is deny, by its findings approval_required",
        "rule           | risk.deny | risk.deny decided, and is not among the findings",
        "operation      | close     | policy slow-close matches, and is not among the findings",
      })
  void whatIsNotAsItFollowsIsSaid(String member, String value, String said) {
    Map<String, Object> row = new HashMap<>(row("get", OperationType.WRITE, TargetTier.PROD));
    row.put(member, value.matches("\\d+") ? (Object) Integer.valueOf(value) : value);

    assertThat(learnt().judge(row)).hasValue(said);
  }

  @ParameterizedTest
  @CsvSource({
    "total, 40, 'risk total is 40, by the tables 52'",
    "review_threshold, 60, 'review_threshold is 60, in the tables 50'",
    "deny_threshold, 50, 'deny_threshold is 50, in the tables 70'"
  })
  void scoreThatIsNotTheTablesIsSaid(String part, int value, String said) {
    Map<String, Object> row = new HashMap<>(row("get", OperationType.WRITE, TargetTier.PROD));
    Map<Object, Object> risk = new HashMap<>((Map<?, ?>) row.get("risk"));
    risk.put(part, value);
    row.put("risk", risk);

    assertThat(learnt().judge(row)).hasValue(said);
  }

  @Test
  void demandThatNothingMadeIsSaid() {
    Map<String, Object> row = new HashMap<>(row("get", OperationType.READ, TargetTier.DEV));
    row.put("findings", List.of(finding("deny", "risk.deny")));
    assertThat(learnt().judge(row)).hasValue("risk 22 does not deny");
    row.put("findings", List.of(finding("approval_required", "risk.review")));
    assertThat(learnt().judge(row)).hasValue("risk 22 asks for no review");
    row.put("findings", List.of(finding("deny", "policy:other")));
    assertThat(learnt().judge(row))
        .hasValue("policy:other is among the findings, and matches no tickets.get");
    row.put("findings", List.of(finding("throttle", "policy:urgent")));
    assertThat(learnt().judge(row)).hasValue("policy urgent demands deny, its finding is throttle");
  }

  @Test
  void demandThatWasLeftOutIsSaid() {
    Map<String, Object> row = new HashMap<>(row("get", OperationType.WRITE, TargetTier.PROD));
    row.remove("findings");
    row.put("verdict", "allow");
    row.put("rule", "default");
    assertThat(learnt().judge(row)).hasValue("risk 52 asks for a review");
  }

  @Test
  void approvalLowersOnlyWhatAskedForOne() {
    Map<String, Object> row = new HashMap<>(row("get", OperationType.WRITE, TargetTier.PROD));
    row.put("verdict", "allow");
    row.put("rule", "approval:apr_1");
    assertThat(learnt().judge(row)).isEmpty();

    List<Object> findings = new ArrayList<>((List<?>) row.get("findings"));
    findings.add(finding("throttle", "drift.rate"));
    row.put("findings", findings);
    assertThat(learnt().judge(row)).hasValue("the verdict is allow, by its findings throttle");

    Map<String, Object> plain = new HashMap<>(row("get", OperationType.READ, TargetTier.DEV));
    plain.put("rule", "approval:apr_1");
    assertThat(learnt().judge(plain))
        .hasValue(
            "an approval or grant is there that no finding asked for; decided by approval:apr_1");
  }

  @Test
  void conditionsAreEvaluatedAgainWithTheArguments() {
    Map<String, Object> row = row("get", OperationType.READ, TargetTier.DEV);
    Map<String, Object> denied = new HashMap<>(row);
    denied.put("findings", List.of(finding("deny", "policy:urgent")));
    denied.put("verdict", "deny");
    denied.put("rule", "policy:urgent");
    Map<String, Object> urgent = Map.of("urgent", true);
    Recomputation again = learnt();

    assertThat(again.judge(row, () -> Optional.of(Map.of("other", 1L)))).isEmpty();
    assertThat(again.judge(denied, () -> Optional.of(urgent))).isEmpty();
    assertThat(again.summary()).isEqualTo(new Recomputation.Summary(2, 0, 0, 2, 0));
    assertThat(again.judge(row, () -> Optional.of(urgent)))
        .hasValue("the condition of policy urgent holds, and it is not among the findings");
    assertThat(again.judge(denied, () -> Optional.of(Map.of())))
        .hasValue("policy urgent is among the findings, and its condition does not hold");
  }

  @Test
  void conditionsThatReadNoArgumentsAreEvaluatedFromTheRow() {
    scene.governance.replace(
        new GovernanceRules(
            RiskTables.DEFAULT,
            List.of(
                denying("busy", "activity.session_actions > 100 || risk.total > 99"),
                denying("late", "now > timestamp('2030-01-01T00:00:00Z')"),
                denying("named", "agent.owner == 'nobody' || call.session == 'other'"),
                denying("labels", "agent.labels.env == 'prod' && agent.id == 'x'"))));
    Map<String, Object> row = row("get", OperationType.READ, TargetTier.DEV);
    Recomputation again = learnt();

    assertThat(again.judge(row)).isEmpty();
    assertThat(again.summary()).isEqualTo(new Recomputation.Summary(1, 0, 0, 0, 4));
    Map<String, Object> later = new HashMap<>(row);
    later.put("decided_at_ms", 2_000_000_000_000L);
    assertThat(again.judge(later))
        .hasValue("the condition of policy late holds, and it is not among the findings");
  }

  /** What evaluating may cost decides, too: under other limits than then, nothing is claimed. */
  @Test
  void conditionsAreTakenAsTheyStandWhenTheirLimitsChanged() {
    scene.governance.replace(
        new GovernanceRules(
            RiskTables.DEFAULT,
            List.of(URGENT, SLOW),
            new ConditionLimits(10, 1_000),
            DriftRules.DEFAULT));
    Map<String, Object> row = row("get", OperationType.READ, TargetTier.DEV);
    Recomputation again = learnt();

    assertThat(again.judge(row, () -> Optional.of(Map.of("urgent", true)))).isEmpty();
    assertThat(again.summary()).isEqualTo(new Recomputation.Summary(1, 0, 1, 0, 0));
  }

  private static PolicyRule denying(String name, String condition) {
    return new PolicyRule(
        name,
        new Glob("tickets.*"),
        Optional.of(condition),
        new Effect.Deny(),
        Severity.LOW,
        List.of());
  }

  @Test
  void rulesThatAreNotWhatTheirDigestSaysAreNotTaken() {
    Map<String, Object> row = row("get", OperationType.READ, TargetTier.DEV);
    Recomputation again = new Recomputation();
    for (Map<String, Object> kept : scene.audit.rows("event")) {
      Map<String, Object> forged = new HashMap<>(kept);
      if (forged.get("risk") instanceof Map<?, ?> tables) {
        Map<Object, Object> lenient = new HashMap<>(tables);
        lenient.put("deny_threshold", 101);
        forged.put("risk", lenient);
      }
      again.learn(forged);
    }

    assertThat(again.judge(row)).isEmpty();
    assertThat(again.summary()).isEqualTo(new Recomputation.Summary(0, 1, 0, 0, 0));
  }

  @Test
  void manyPoliciesTakeSeveralRowsAndAreOnRecordAtEachChangeOnly() {
    List<PolicyRule> many =
        IntStream.range(0, 1_000)
            .mapToObj(
                i ->
                    new PolicyRule(
                        "p%04d".formatted(i),
                        new Glob("c" + i + ".*"),
                        new Effect.Deny(),
                        Severity.LOW))
            .toList();
    scene.governance.replace(new GovernanceRules(RiskTables.DEFAULT, many));
    scene.governance.replace(new GovernanceRules(RiskTables.DEFAULT, many));

    List<Map<String, Object>> kept =
        scene.audit.rows("event").stream()
            .filter(row -> scene.governance.policyDigest().hex().equals(row.get("policy_digest")))
            .toList();
    assertThat(kept).hasSizeBetween(2, 10);
    assertThat(kept.getLast()).containsEntry("parts", kept.size());
    assertThat(learnt().judge(row("get", OperationType.READ, TargetTier.DEV))).isEmpty();
    Recomputation again = learnt();
    assertThat(again.judge(scene.intents().getLast())).isEmpty();
    assertThat(again.summary().decisions()).isOne();
  }

  private static Map<String, Object> finding(String verdict, String rule) {
    return Map.of("verdict", verdict, "rule", rule);
  }
}
