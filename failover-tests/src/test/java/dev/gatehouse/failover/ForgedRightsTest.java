package dev.gatehouse.failover;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Somebody who may write to the fleet's Redis opens no grant and publishes no policy. */
final class ForgedRightsTest {

  @TempDir Path directory;

  private GovernedFleet fleet;

  @BeforeEach
  void start() throws IOException {
    fleet = new GovernedFleet(directory);
    fleet.member("one", fleet.redis.port());
    fleet.member("two", fleet.redis.port());
  }

  @AfterEach
  void stop() throws IOException {
    fleet.close();
  }

  /** Each of the fleet has ignored so many notes. */
  private void untilIgnored(long forged) {
    for (GovernedNode node : fleet.nodes) {
      Fleet.until(node.name + " has ignored it", () -> node.forged() >= forged);
    }
  }

  @Test
  void aGrantWithoutSealOrWithThatOfAnotherSecretOpensNothing() throws Exception {
    GovernedNode forging = fleet.stranger("what somebody else made up for this");
    String grant = forging.granted(5);
    assertThat(forging.lets()).isTrue();
    untilIgnored(1);
    assertNoneLets();

    Forger forger = new Forger(fleet.redis, "grants");
    forging.stop();
    String text = Forger.text(forger.said(grant));
    long forged = 1;
    for (String said : Forger.unsealed(false, text)) {
      forger.write(grant, said);
      untilIgnored(++forged);
      assertNoneLets();
    }
    assertThat(fleet.nodes).allMatch(node -> node.grants() == 0);
  }

  @Test
  void aGrantThatEndedIsNotOpenedByShowingItsOpeningAgain() throws Exception {
    Forger forger = new Forger(fleet.redis, "grants");
    String grant = fleet.nodes.get(0).granted(5);
    Fleet.until("two lets", () -> fleet.nodes.get(1).lets());
    String opening = forger.said(grant);
    fleet.nodes.get(1).revoke(grant);
    Fleet.until("one asks", () -> !fleet.nodes.get(0).lets());
    forger.untilHeard(2);

    forger.write(grant, opening);
    forger.untilHeard(2);
    assertNoneLets();
    assertThat(fleet.nodes).allMatch(node -> node.grants() == 0 && node.forged() == 0);
  }

  private void assertNoneLets() throws Exception {
    for (GovernedNode node : fleet.nodes) {
      assertThat(node.lets()).as(node.name).isFalse();
    }
  }

  @Test
  void policiesWithoutSealOrWithThatOfAnotherSecretAreNotPublished() throws Exception {
    GovernedNode forging = fleet.stranger("what somebody else made up for this");
    assertThat(forging.publish(GovernedFleet.NO_LOOKING).has("error")).isFalse();
    assertThat(forging.letsLook()).isFalse();
    untilIgnored(1);
    assertAllLook();

    Forger forger = new Forger(fleet.redis, "policies");
    forging.stop();
    String id = forger.ids().getFirst();
    String text = Forger.text(forger.said(id));
    long forged = 1;
    for (String said : Forger.unsealed(false, text)) {
      forger.write(id, said);
      untilIgnored(++forged);
      assertAllLook();
    }
    assertThat(fleet.nodes).allMatch(node -> node.policies().isEmpty());
  }

  @Test
  void policiesThatWereRolledBackAreNotPublishedByShowingTheirOrderAgain() throws Exception {
    Forger forger = new Forger(fleet.redis, "policies");
    assertThat(fleet.nodes.get(0).publish(GovernedFleet.NO_LOOKING).has("error")).isFalse();
    Fleet.until("two refuses", () -> !fleet.nodes.get(1).letsLook());
    String id = forger.ids().getFirst();
    String order = forger.said(id);
    assertThat(fleet.nodes.get(1).rollBack(0).has("error")).isFalse();
    Fleet.until("one lets", () -> fleet.nodes.get(0).letsLook());
    forger.untilHeard(2);

    forger.write(id, order);
    forger.untilHeard(2);
    assertAllLook();
    assertThat(fleet.nodes).allMatch(node -> node.policies().isEmpty() && node.forged() == 0);
  }

  private void assertAllLook() throws Exception {
    for (GovernedNode node : fleet.nodes) {
      assertThat(node.letsLook()).as(node.name).isTrue();
    }
  }
}
