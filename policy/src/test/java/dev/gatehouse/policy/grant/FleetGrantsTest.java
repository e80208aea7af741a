package dev.gatehouse.policy.grant;

import static dev.gatehouse.policy.grant.GrantPeer.ASKED;
import static dev.gatehouse.policy.grant.GrantsScene.CLOSE;
import static dev.gatehouse.policy.grant.GrantsScene.OTHER;
import static dev.gatehouse.policy.grant.GrantsScene.REOPEN;
import static dev.gatehouse.policy.grant.GrantsScene.TRIAGE;
import static dev.gatehouse.policy.grant.GrantsScene.wanting;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.core.approval.Grant;
import dev.gatehouse.core.fleet.FleetNote;
import dev.gatehouse.core.registry.Agent;
import dev.gatehouse.policy.GovernanceRules;
import dev.gatehouse.policy.risk.RiskTables;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What of a grant that one node of a fleet opens is open at another, and what is not. */
class FleetGrantsTest extends GrantPeers {

  @Test
  void whatOneNodeOpensIsOpenAtTheOtherAndItsRowSaysWhereItWasOpened() {
    Grant grant = one.granted();
    assertThat(two.rule()).isEqualTo(ASKED);
    one.tells(two);

    assertThat(two.rule()).isEqualTo("grant:" + grant.id());
    assertThat(two.opened())
        .singleElement()
        .satisfies(
            row ->
                assertThat(row)
                    .containsEntry("from", "one")
                    .containsEntry("grant", grant.id())
                    .containsEntry("scope_digest", grant.scope().digest().hex())
                    .containsEntry("approver", "Bob"));
    assertThat(one.opened().getFirst()).doesNotContainKey("from");
    assertThat(two.scene.governance.grants().open()).containsExactly(grant);
  }

  @Test
  void theFleetIsToldAtOnceWhenOneOpensAndWhenOneEnds() {
    Grant grant = one.granted();
    assertThat(one.changes).hasValue(1);
    one.revoke(grant);
    assertThat(one.changes).hasValue(2);
  }

  @Test
  void itOpensNothingButItsScopeThereEither() {
    one.granted();
    one.tells(two);
    assertThat(two.scene.ruleOf(TRIAGE, REOPEN)).isEqualTo(ASKED);
    assertThat(two.scene.ruleOf(OTHER, CLOSE)).isEqualTo(ASKED);
  }

  @Test
  void anAgentThatANodeDoesNotKnowYetKeepsIt() {
    Grant grant = one.granted();
    Agent agent = two.scene.registered(TRIAGE);
    two.scene.agents.remove(TRIAGE);
    one.tells(two);
    two.scene.governance.replace(GrantsScene.RULES);
    two.tells(one);
    assertThat(one.rule()).isEqualTo("grant:" + grant.id());
    two.scene.agents.put(TRIAGE, agent);
    assertThat(two.rule()).isEqualTo("grant:" + grant.id());
  }

  @Test
  void underOtherRulesItOpensNothingAndEndsOnlyWhereItWasOpened() {
    Grant grant = one.granted();
    one.tells(two);
    GovernanceRules others = new GovernanceRules(RiskTables.DEFAULT, List.of());
    two.scene.governance.replace(others);
    assertThat(two.rule()).isNotEqualTo("grant:" + grant.id());
    two.tells(one);
    assertThat(one.rule()).isEqualTo("grant:" + grant.id());

    two.scene.governance.replace(GrantsScene.RULES);
    assertThat(two.rule()).isEqualTo("grant:" + grant.id());
    one.scene.governance.replace(others);
    one.tells(two);
    assertThat(two.rule()).isEqualTo(ASKED);
    assertThat(two.ended().getFirst()).containsEntry("why", "superseded");
  }

  @Test
  void whatCannotBeRecordedOpensNothingUntilItCan() {
    Grant grant = one.granted();
    two.scene.audit.hold();
    one.tells(two);
    two.scene.audit.fail();
    two.scene.audit.release();
    two.scene.audit.mend();
    assertThat(two.rule()).isEqualTo(ASKED);
    two.hears(List.of());
    assertThat(two.rule()).isEqualTo("grant:" + grant.id());
  }

  @Test
  void aNodeThatHasNotHeardFromTheFleetForLongerThanTheLeaseAsks() {
    Grant grant = one.granted();
    one.tells(two);
    two.silence = LiveGrants.LEASE;
    assertThat(two.rule()).isEqualTo("grant:" + grant.id());
    two.silence = LiveGrants.LEASE.plusNanos(1);
    assertThat(two.rule()).isEqualTo(ASKED);
    one.silence = Duration.ofDays(1);
    assertThat(one.rule()).isEqualTo("grant:" + grant.id());
    two.silence = Duration.ZERO;
    assertThat(two.rule()).isEqualTo("grant:" + grant.id());
  }

  @Test
  void whereTheFleetForgotEverythingAGrantCountsWhenItsOwnNodeSaysItAgain() {
    Grant grant = one.granted();
    one.tells(two);
    assertThat(two.notes()).isEmpty(); // only that node says it
    two.side().begunAnew();
    assertThat(two.rule()).isEqualTo(ASKED);
    one.tells(two);
    assertThat(two.rule()).isEqualTo("grant:" + grant.id());
    assertThat(two.opened()).hasSize(1);
  }

  @Test
  void theNodeThatOpenedItSaysSoAgainAfterARestart() {
    Grant grant = one.granted();
    one.restart();
    one.tells(two);
    assertThat(two.rule()).isEqualTo("grant:" + grant.id());
    assertThat(one.rule()).isEqualTo("grant:" + grant.id());
    two.restart();
    assertThat(two.rule()).isEqualTo(ASKED);
    one.tells(two);
    assertThat(two.rule()).isEqualTo("grant:" + grant.id());
  }

  @Test
  void aNodeWhoseConfigHasNoGrantsTakesNone() {
    two.scene.rules = Optional.empty();
    two.restart();
    one.granted();
    one.tells(two);
    assertThat(two.rule()).isEqualTo(ASKED);
    assertThat(two.scene.events()).isEmpty();
  }

  @Test
  void whatCannotBeReadOpensNothingAndItsEndHarmsNobody() {
    two.hears(
        List.of(
            new FleetNote("grn_new", false, "{\"scope\":{\"region\":\"eu\"}}"),
            new FleetNote("grn_old", true, "?")));
    assertThat(two.scene.governance.grants().open()).isEmpty();
    assertThat(two.scene.events()).isEmpty();
  }

  @Test
  void aNoteUnderAnotherNameThanItsGrantOpensNothing() {
    one.granted();
    FleetNote note = one.notes().getFirst();
    two.hears(List.of(new FleetNote("grn_other", false, note.text())));
    assertThat(two.rule()).isEqualTo(ASKED);
  }

  @Test
  void moreThanAreHeldOpenNothing() {
    one.granted();
    FleetNote note = one.notes().getFirst();
    String id = note.id();
    List<FleetNote> many = new ArrayList<>();
    for (int i = 0; i < ArrivedShelf.ARRIVED_MAX; i++) {
      many.add(new FleetNote("grn_" + i, false, note.text().replace(id, "grn_" + i)));
    }
    two.hears(many);
    assertThat(two.scene.governance.grants().open()).hasSize(ArrivedShelf.ARRIVED_MAX);
    two.hears(List.of(note));
    assertThat(two.scene.governance.grants().open()).hasSize(ArrivedShelf.ARRIVED_MAX);
  }

  @Test
  void theGrantsOfOtherNodesCountAmongThoseThatAnAgentMayHave() {
    for (String tool : List.of("tickets__close", "tickets__reopen", "tickets__get")) {
      one.scene.granted(TRIAGE, wanting("tool", tool));
    }
    one.tells(two);
    assertThat(two.scene.ruleOf(TRIAGE, two.scene.catalog.find("request_grant").orElseThrow()))
        .isEqualTo("grant.full");
  }
}
