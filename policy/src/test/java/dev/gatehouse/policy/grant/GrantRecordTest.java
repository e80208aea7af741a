package dev.gatehouse.policy.grant;

import static dev.gatehouse.policy.grant.GrantsScene.CLOSE;
import static dev.gatehouse.policy.grant.GrantsScene.TRIAGE;
import static dev.gatehouse.policy.grant.GrantsScene.join;
import static dev.gatehouse.policy.grant.GrantsScene.wanting;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.core.approval.Grant;
import dev.gatehouse.policy.record.Recomputation;
import dev.gatehouse.policy.record.Simulation;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
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

  @Test
  void aUseThatNamesAnotherScopeOrEndIsSaid() {
    Map<String, Object> row = new HashMap<>(use());
    row.put(
        "grant",
        Map.of(
            "id", grant.id(),
            "scope_digest", grant.scope().digest().hex(),
            "expires_at_ms", grant.expiresAt().toEpochMilli() + 1));
    assertThat(learnt(_ -> true).judge(row))
        .hasValueSatisfying(said -> assertThat(said).contains("is not named with the scope"));
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
