package dev.gatehouse.policy.grant;

import static dev.gatehouse.policy.grant.GrantsScene.CLOSE;
import static dev.gatehouse.policy.grant.GrantsScene.LEADS;
import static dev.gatehouse.policy.grant.GrantsScene.TRIAGE;
import static dev.gatehouse.policy.grant.GrantsScene.join;
import static dev.gatehouse.policy.grant.GrantsScene.wanting;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.core.approval.ApprovalRequest;
import dev.gatehouse.core.approval.Approvals.VoteResult;
import dev.gatehouse.core.approval.Grant;
import dev.gatehouse.core.gate.Admission;
import dev.gatehouse.core.gate.Admission.Granted;
import dev.gatehouse.core.gate.Admission.Pending;
import dev.gatehouse.policy.GovernanceRules;
import dev.gatehouse.policy.NamedTools;
import dev.gatehouse.policy.record.Recomputation;
import dev.gatehouse.policy.risk.RiskTables;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A gateway that ends between the question about a grant and its opening, and starts anew. */
class GrantRestartTest {

  private static final Map<String, Object> WANTED = wanting("tool", "tickets__close", "minutes", 5);

  @TempDir private Path directory;
  private GrantsScene scene;

  @BeforeEach
  void start() {
    scene = new GrantsScene(directory);
    scene.restart(directory.resolve("approvals.db"));
  }

  @AfterEach
  void close() {
    scene.close();
  }

  private ApprovalRequest approved() {
    ApprovalRequest question = scene.question(TRIAGE, WANTED);
    assertThat(scene.answer(question.id(), "Bob", LEADS, true))
        .isInstanceOf(VoteResult.Settled.class);
    return question;
  }

  @Test
  void whatWasApprovedAndNotOpenedOpensOnceAfterARestart() {
    ApprovalRequest question = approved();
    scene.restart();

    Admission again = scene.ask(TRIAGE, WANTED);
    assertThat(again).isInstanceOf(Granted.class);
    assertThat(join(((Granted) again).grant().barrier())).isNotNull();
    assertThat(scene.carryOut(again).result()).doesNotContainKey("isError");

    Grant grant = scene.governance.grants().open().getFirst();
    assertThat(grant.origin().approval()).isEqualTo(question.id());
    assertThat(grant.origin().approvedBy()).isEqualTo("Bob");
    assertThat(grant.expiresAt()).isEqualTo(scene.clock.instant().plus(Duration.ofMinutes(5)));
    assertThat(scene.ruleOf(TRIAGE, CLOSE)).isEqualTo("grant:" + grant.id());
    assertThat(scene.ask(TRIAGE, WANTED)).isInstanceOf(Pending.class);
    scene.restart();
    assertThat(scene.ask(TRIAGE, WANTED)).isInstanceOf(Pending.class);
    assertThat(scene.events()).containsExactly("grant.opened");
  }

  @Test
  void anAuditorFindsTheApprovalOfBeforeTheRestart() {
    approved();
    scene.restart();
    scene.carryOut(scene.ask(TRIAGE, WANTED));
    Recomputation recomputation = new Recomputation();
    scene.audit.rows().forEach(recomputation::learn);
    assertThat(scene.audit.rows("event"))
        .filteredOn(row -> "grant.opened".equals(row.get("event")))
        .singleElement()
        .satisfies(row -> assertThat(recomputation.judgeOpening(row, "")).isEmpty());
    assertThat(recomputation.openings()).isEqualTo(new Recomputation.Openings(1, 0));
  }

  @Test
  void whatWasUsedAndNotOpenedIsNotOpenedByThatApprovalAnyMore() {
    approved();
    Admission used = scene.ask(TRIAGE, WANTED);
    assertThat(used).isInstanceOf(Granted.class);
    join(((Granted) used).grant().barrier()); // the use is kept, and then the gateway ends
    scene.restart();

    assertThat(scene.ask(TRIAGE, WANTED)).isInstanceOf(Pending.class);
    assertThat(scene.governance.grants().open()).isEmpty();
    assertThat(scene.events()).isEmpty();
  }

  @Test
  void aQuestionThatWasOpenIsAnsweredAfterTheRestartAndThenOpens() {
    ApprovalRequest question = scene.question(TRIAGE, WANTED);
    scene.restart();
    assertThat(scene.answer(question.id(), "Bob", LEADS, true))
        .isInstanceOf(VoteResult.Settled.class);
    assertThat(scene.carryOut(scene.ask(TRIAGE, WANTED)).result()).doesNotContainKey("isError");
    assertThat(scene.governance.grants().open()).hasSize(1);
  }

  @Test
  void ofTwoWhoMustSayYesTheOneOfBeforeTheRestartCounts() {
    scene.rules = Optional.of(GrantsScene.rules(2));
    scene.restart();
    ApprovalRequest question = scene.question(TRIAGE, WANTED);
    assertThat(scene.answer(question.id(), "Bob", LEADS, true))
        .isInstanceOf(VoteResult.Counted.class);
    scene.restart();
    assertThat(scene.answer(question.id(), "Bob", LEADS, true))
        .isInstanceOf(VoteResult.Rejected.class);
    assertThat(scene.ask(TRIAGE, WANTED)).isInstanceOf(Pending.class);
    assertThat(scene.answer(question.id(), "Cid", LEADS, true))
        .isInstanceOf(VoteResult.Settled.class);
    scene.carryOut(scene.ask(TRIAGE, WANTED));
    assertThat(scene.governance.grants().open().getFirst().origin().approvedBy())
        .isEqualTo("Bob, Cid");
  }

  @Test
  void anApprovalThatExpiredWhileTheGatewayWasAwayOpensNothing() {
    approved();
    scene.clock.advance(Duration.ofHours(1));
    scene.restart();
    assertThat(scene.ask(TRIAGE, WANTED)).isInstanceOf(Pending.class);
    assertThat(scene.events()).isEmpty();
  }

  @Test
  void anApprovalUnderOtherRulesThanTheNextProcessHasOpensNothing() {
    approved();
    scene.rulesInForce =
        new GovernanceRules(RiskTables.DEFAULT, List.of(GrantsScene.ASK, GrantsScene.ASK_TWICE));
    scene.restart();
    assertThat(scene.ask(TRIAGE, WANTED)).isInstanceOf(Pending.class);
    assertThat(scene.events()).isEmpty();
  }

  @Test
  void whatATargetBecameMeanwhileIsNotOpened() {
    approved();
    scene.upstream =
        new NamedTools(
            List.of(
                GrantsScene.tool("tickets", "close", CLOSE.operationType(), "staging"),
                GrantsScene.GET));
    scene.restart();
    Admission again = scene.ask(TRIAGE, WANTED);
    assertThat(scene.carryOut(again).result()).containsEntry("isError", true);
    assertThat(scene.governance.grants().open()).isEmpty();
  }
}
