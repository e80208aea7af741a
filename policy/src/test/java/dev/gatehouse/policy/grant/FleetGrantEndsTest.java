package dev.gatehouse.policy.grant;

import static dev.gatehouse.policy.grant.GrantPeer.ASKED;
import static dev.gatehouse.policy.grant.GrantsScene.TRIAGE;
import static dev.gatehouse.policy.grant.GrantsScene.join;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.core.approval.Grant;
import dev.gatehouse.core.fleet.FleetNote;
import dev.gatehouse.core.registry.AgentStatus;
import dev.gatehouse.core.stop.StopScope;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What ends a grant at one node of a fleet ends it at the other, now and then late or twice. */
class FleetGrantEndsTest extends GrantPeers {

  @Test
  void revokedAtEitherNodeItEndsAtBoth() {
    Grant first = one.granted();
    one.tells(two);
    assertThat(two.revoke(first)).isTrue();
    assertThat(two.rule()).isEqualTo(ASKED);
    two.tells(one);
    assertThat(one.rule()).isEqualTo(ASKED);
    assertThat(one.ended())
        .singleElement()
        .satisfies(
            row ->
                assertThat(row)
                    .containsEntry("why", "revoked")
                    .containsEntry("from", "two")
                    .containsEntry("operator", "Bob")
                    .containsEntry("reason", "done"));

    one.scene.clock.advance(Duration.ofMillis(1));
    Grant second = one.granted();
    one.tells(two);
    assertThat(one.revoke(second)).isTrue();
    one.tells(two);
    assertThat(two.rule()).isEqualTo(ASKED);
  }

  @Test
  void aStopAtEitherNodeEndsItForGoodAtBoth() {
    one.granted();
    one.tells(two);
    StopScope stopped = new StopScope.OneAgent(TRIAGE);
    join(two.scene.governance.killSwitch().stop(stopped, "incident", "Bob"));
    join(two.scene.governance.killSwitch().lift(stopped, "over", "Bob"));
    two.tells(one);
    one.tells(two);
    assertThat(one.rule()).isEqualTo(ASKED);
    assertThat(two.rule()).isEqualTo(ASKED);
    assertThat(two.scene.events()).containsExactly("grant.opened", "grant.ended suspended");
    assertThat(one.scene.events()).containsExactly("grant.opened", "grant.ended suspended");
  }

  @Test
  void anAgentDecommissionedAtEitherNodeHasItAtNeither() {
    one.granted();
    one.tells(two);
    two.status(AgentStatus.DECOMMISSIONED);
    two.scene.governance.replace(GrantsScene.RULES);
    two.tells(one);
    assertThat(one.rule()).isEqualTo(ASKED);
    assertThat(one.ended().getFirst()).containsEntry("why", "decommissioned");
  }

  @Test
  void itExpiresAtBothToTheMillisecond() {
    Grant grant = one.granted();
    one.tells(two);
    two.scene.clock.advance(Duration.ofMinutes(5).minusMillis(1));
    assertThat(two.rule()).isEqualTo("grant:" + grant.id());
    two.scene.clock.advance(Duration.ofMillis(1));
    assertThat(two.rule()).isEqualTo(ASKED);
    assertThat(two.scene.governance.grants().open()).isEmpty();
  }

  @Test
  void whereTheClockIsSlowItEndsAsTheNodeSaysThatOpenedIt() {
    one.granted();
    one.tells(two);
    one.scene.clock.advance(Duration.ofMinutes(5));
    assertThat(one.rule()).isEqualTo(ASKED);
    one.scene.governance.grants().open();
    one.tells(two);
    assertThat(two.rule()).isEqualTo(ASKED);
    assertThat(two.ended().getFirst()).containsEntry("why", "expired").containsEntry("from", "one");
  }

  @Test
  void whereTheClockIsFastItEndsThereAloneAndLaterForAll() {
    Grant grant = one.granted();
    one.tells(two);
    two.scene.clock.advance(Duration.ofMinutes(15).minusMillis(1));
    two.scene.governance.grants().open();
    two.tells(one);
    assertThat(one.rule()).isEqualTo("grant:" + grant.id());
    two.scene.clock.advance(Duration.ofMillis(1));
    two.scene.governance.grants().open();
    two.tells(one);
    assertThat(one.rule()).isEqualTo(ASKED);
  }

  @Test
  void anEndThatArrivesBeforeTheOpeningWins() {
    Grant grant = one.granted();
    List<FleetNote> opening = one.notes();
    one.revoke(grant);
    one.tells(two);
    two.hears(opening);
    assertThat(two.rule()).isEqualTo(ASKED);
    assertThat(two.scene.events()).isEmpty();
  }

  @Test
  void anEndThatArrivesWhileTheOpeningIsBeingRecordedWins() {
    Grant grant = one.granted();
    two.scene.audit.hold();
    one.tells(two);
    one.revoke(grant);
    one.tells(two);
    two.scene.audit.release();
    assertThat(two.rule()).isEqualTo(ASKED);
    assertThat(two.scene.events()).containsExactly("grant.opened", "grant.ended elsewhere");
  }

  @Test
  void anEndHoldsThoughItCannotBeRecorded() {
    Grant grant = one.granted();
    one.tells(two);
    one.revoke(grant);
    two.scene.audit.fail();
    one.tells(two);
    two.scene.audit.mend();
    assertThat(two.rule()).isEqualTo(ASKED);
  }

  @Test
  void whatIsToldTwiceLeavesOneRow() {
    Grant grant = one.granted();
    one.tells(two);
    one.tells(two);
    two.tells(one);
    one.revoke(grant);
    one.tells(two);
    one.tells(two);
    two.tells(one);
    assertThat(one.scene.events()).containsExactly("grant.opened", "grant.ended revoked");
    assertThat(two.scene.events()).containsExactly("grant.opened", "grant.ended revoked");
  }

  @Test
  void anEndIsToldStillAfterARestartOfTheNodeThatOrderedIt() {
    Grant grant = one.granted();
    one.tells(two);
    List<FleetNote> opening = one.notes();
    assertThat(two.revoke(grant)).isTrue();
    two.restart();
    two.hears(opening);
    assertThat(two.rule()).isEqualTo(ASKED);
    two.tells(one);
    assertThat(one.rule()).isEqualTo(ASKED);
  }

  @Test
  void aGrantOfAnotherNodeThatExpiredLongAgoIsForgottenEverywhere() {
    one.granted();
    List<FleetNote> opening = one.notes();
    two.scene.clock.advance(Duration.ofMinutes(15));
    two.hears(opening);
    assertThat(two.scene.events()).isEmpty();
    assertThat(two.notes()).singleElement().matches(FleetNote::over);
  }

  @Test
  void endsAreRememberedUntilNobodyCanTakeTheGrantForOpen() {
    Grant grant = one.granted();
    one.revoke(grant);
    one.scene.clock.advance(Duration.ofMinutes(15).minusMillis(1));
    one.scene.governance.grants().open();
    assertThat(one.notes()).hasSize(1);
    one.scene.clock.advance(Duration.ofMillis(1));
    one.scene.governance.grants().open();
    assertThat(one.notes()).isEmpty();
  }
}
