package dev.gatehouse.policy.grant;

import static dev.gatehouse.policy.grant.GrantsScene.CLOSE;
import static dev.gatehouse.policy.grant.GrantsScene.TRIAGE;
import static dev.gatehouse.policy.grant.GrantsScene.join;
import static dev.gatehouse.policy.grant.GrantsScene.rescoped;
import static dev.gatehouse.policy.grant.GrantsScene.wanting;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.core.approval.Grant;
import dev.gatehouse.core.registry.Glob;
import dev.gatehouse.policy.GovernanceRules;
import dev.gatehouse.policy.record.Recomputation;
import dev.gatehouse.policy.record.Simulation;
import dev.gatehouse.policy.risk.RiskTables;
import dev.gatehouse.policy.rules.Effect;
import dev.gatehouse.policy.rules.PolicyRule;
import dev.gatehouse.policy.rules.Severity;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What an auditor makes of grants from rows alone. */
class GrantRecordTest {

  @TempDir private Path directory;
  private GrantsScene scene;
  private Grant grant;

  @BeforeEach
  void aGrantIsUsedAndRevoked() {
    scene = new GrantsScene(directory);
    grant = scene.granted(TRIAGE, wanting("tool", "tickets__close", "minutes", 5));
    scene.clock.advance(Duration.ofMinutes(2));
    scene.ruleOf(TRIAGE, CLOSE);
    join(scene.governance.grants().revoke(grant.id(), "done", "Bob"));
    scene.clock.advance(Duration.ofMillis(1));
    scene.ruleOf(TRIAGE, CLOSE);
  }

  @AfterEach
  void close() {
    scene.close();
  }

  private Recomputation learnt(Predicate<Map<String, Object>> kept) {
    Recomputation recomputation = new Recomputation();
    scene.audit.rows().stream().filter(kept).forEach(recomputation::learn);
    return recomputation;
  }

  private Map<String, Object> use() {
    return scene.audit.rows("intent").stream()
        .filter(row -> row.containsKey("grant"))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void everyDecisionComesOutAgain() {
    Recomputation again = learnt(_ -> true);
    List<Map<String, Object>> rows = scene.audit.rows("intent");
    assertThat(rows).allSatisfy(row -> assertThat(again.judge(row)).as("%s", row).isEmpty());
    assertThat(again.summary().decisions()).isEqualTo(4);
    assertThat(again.summary().unknown()).isZero();
  }

  @Test
  void theSameRulesChangeNothing() {
    Simulation simulation =
        new Simulation(
            GrantsScene.RULES.risk(),
            GrantsScene.RULES.policies(),
            GrantsScene.RULES.conditionLimits());
    scene.audit.rows().forEach(simulation::learn);
    assertThat(scene.audit.rows("intent"))
        .allSatisfy(row -> assertThat(simulation.judge(row)).isEmpty());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "target         | staging        | opens target prod, not staging",
        "target         | prod.          | opens target prod, not prod.",
        "agent          | other          | opens agent triage, not other",
        "connector      | crm            | opens connector tickets, not crm",
        "operation      | reopen         | opens operation close, not reopen",
        "decided_at_ms  | 1767225900000  | had expired",
        "decided_at_ms  | 1767225720001  | had ended",
        "agent_version  | 0              | was given under another agent_version"
      })
  void aUseOutsideTheGrantIsSaid(String member, String value, String said) {
    Map<String, Object> row = new HashMap<>(use());
    row.put(member, value.matches("\\d{2,}") ? (Object) Long.valueOf(value) : value);
    assertThat(learnt(_ -> true).judge(row)).hasValue("grant " + grant.id() + " " + said);
  }

  @Test
  void theLastMillisecondIsWithinIt() {
    Map<String, Object> row = new HashMap<>(use());
    row.put("decided_at_ms", 1767225720000L); // that in which it was revoked
    assertThat(learnt(_ -> true).judge(row)).isEmpty();
    row.put("decided_at_ms", 1767225899999L); // the last before it would have expired
    assertThat(learnt(one -> !"grant.ended".equals(one.get("event"))).judge(row)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"id, grn_other", "scope_digest, 0", "expires_at_ms, 1"})
  void aUseThatNamesAnotherGrantScopeOrEndIsSaid(String member, String value) {
    Map<String, Object> named = new HashMap<>();
    ((Map<?, ?>) Objects.requireNonNull(use().get("grant")))
        .forEach((key, is) -> named.put(String.valueOf(key), is));
    named.put(member, member.endsWith("_ms") ? (Object) Long.valueOf(value) : value);
    Map<String, Object> row = new HashMap<>(use());
    row.put("grant", named);
    assertThat(learnt(_ -> true).judge(row))
        .hasValueSatisfying(said -> assertThat(said).contains("is not named with the scope"));
  }

  /** Written anew with all that follows from it, so that nothing else is wrong. */
  @Test
  void aUseOfAnotherKindThanWasOpenedIsSaid() {
    Map<String, Object> reading = rescoped(opening(), "operation_types", List.of("read"));
    Map<String, Object> row = new HashMap<>(use());
    row.put(
        "grant",
        Map.of(
            "id", grant.id(),
            "scope_digest", Objects.requireNonNull(reading.get("scope_digest")),
            "expires_at_ms", grant.expiresAt().toEpochMilli()));
    Recomputation recomputation = learnt(one -> !"grant.opened".equals(one.get("event")));
    recomputation.learn(reading);
    assertThat(recomputation.judge(row))
        .hasValue("grant " + grant.id() + " opens [read], not write");
  }

  @Test
  void aGrantThatMetADemandIsJudgedThoughAnotherDemandHeldTheCall() {
    Map<String, Object> row = new HashMap<>(use());
    List<Object> findings = new ArrayList<>((List<?>) Objects.requireNonNull(row.get("findings")));
    findings.add(Map.of("verdict", "throttle", "rule", "drift.rate"));
    findings.add(Map.of("verdict", "allow", "rule", "grant:" + grant.id()));
    row.put("findings", findings);
    row.put("verdict", "throttle");
    row.put("rule", "drift.rate");
    row.remove("grant");
    assertThat(learnt(_ -> true).judge(row)).isEmpty();
    row.put("target", "staging");
    assertThat(learnt(_ -> true).judge(row))
        .hasValue("grant " + grant.id() + " opens target prod, not staging");
  }

  @Test
  void aUseUnderOtherRulesThanItWasGivenUnderIsSaid() {
    RiskTables tables = RiskTables.DEFAULT;
    Map<String, Integer> classes = new HashMap<>(tables.connectorClass());
    classes.put("of-another", 1);
    scene.governance.replace(
        new GovernanceRules(
            new RiskTables(
                tables.operation(),
                classes,
                tables.otherConnectorClass(),
                tables.session(),
                tables.target(),
                tables.reviewThreshold(),
                tables.denyThreshold()),
            List.of(
                GrantsScene.ASK,
                new PolicyRule("of-another", new Glob("crm.*"), new Effect.Deny(), Severity.LOW))));
    for (String changed : List.of("policy_digest", "risk_digest")) {
      Map<String, Object> row = new HashMap<>(use());
      row.put(
          changed,
          (changed.equals("risk_digest")
                  ? scene.governance.riskDigest()
                  : scene.governance.policyDigest())
              .hex());
      assertThat(learnt(_ -> true).judge(row))
          .hasValue("grant " + grant.id() + " was given under another " + changed);
    }
  }

  @Test
  void ofTwoEndsTheFirstCounts() {
    Map<String, Object> again = new HashMap<>(row("grant.ended"));
    again.put("at_ms", grant.expiresAt().toEpochMilli());
    Recomputation recomputation = learnt(_ -> true);
    recomputation.learn(again);
    Map<String, Object> late = new HashMap<>(use());
    late.put("decided_at_ms", 1767225720001L);
    assertThat(recomputation.judge(late)).hasValue("grant " + grant.id() + " had ended");
  }

  @Test
  void aUseIsHeldAgainstTheOpeningThatItsOwnNodeHasOnRecord() {
    Recomputation recomputation = new Recomputation();
    scene.audit.rows().forEach(row -> recomputation.learn(row, "gw-2"));
    recomputation.learn(rescoped(opening(), "target", "staging"), "gw-1");
    assertThat(recomputation.judge(use(), "gw-2", Optional::empty)).isEmpty();
    assertThat(recomputation.judge(use(), "gw-1", Optional::empty)).isPresent();
  }

  @Test
  void whatHidesBehindCommitmentsCountsAsUnknown() {
    Map<String, Object> hidden = new HashMap<>(use());
    hidden.put("committed", Map.of("agent", "0"));
    hidden.put("target", "staging");
    Recomputation ofUse = learnt(_ -> true);
    assertThat(ofUse.judge(hidden)).isEmpty();
    assertThat(ofUse.summary().unknown()).isEqualTo(1);

    Recomputation ofOpening = learnt(row -> !"grant.opened".equals(row.get("event")));
    Map<String, Object> opening = new HashMap<>(opening());
    opening.remove("target");
    opening.put("committed", Map.of("target", "0"));
    ofOpening.learn(opening);
    assertThat(ofOpening.judge(use())).isEmpty();
    assertThat(ofOpening.summary().unknown()).isEqualTo(1);
  }

  private Map<String, Object> row(String event) {
    return scene.audit.rows("event").stream()
        .filter(row -> event.equals(row.get("event")))
        .findFirst()
        .orElseThrow();
  }

  private Map<String, Object> opening() {
    return row("grant.opened");
  }

  @Test
  void anOpeningWhoseScopeWasChangedIsSaid() {
    Recomputation recomputation = new Recomputation();
    for (Map<String, Object> row : scene.audit.rows()) {
      Map<String, Object> changed = new HashMap<>(row);
      changed.replace("operation_types", List.of("destructive", "write"));
      recomputation.learn(changed);
    }
    assertThat(recomputation.judge(use()))
        .hasValueSatisfying(said -> assertThat(said).contains("does not have its digest"));
  }

  @Test
  void aGrantThatIsNotOnRecordCountsAsUnknown() {
    Recomputation recomputation = learnt(row -> !"grant.opened".equals(row.get("event")));
    assertThat(recomputation.judge(use())).isEmpty();
    assertThat(recomputation.summary().unknown()).isEqualTo(1);
  }
}
