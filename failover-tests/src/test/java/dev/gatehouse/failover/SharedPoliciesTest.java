package dev.gatehouse.failover;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Three gateways and a real Redis: policies that are published at one judge at all. */
final class SharedPoliciesTest {

  @TempDir Path directory;

  private GovernedFleet fleet;

  @BeforeEach
  void start() throws IOException {
    fleet = GovernedFleet.ofThree(directory);
  }

  @AfterEach
  void stop() throws IOException {
    fleet.close();
  }

  private void untilAllLook(boolean may) {
    for (GovernedNode node : fleet.nodes) {
      Fleet.until(node.name + (may ? " lets" : " refuses"), () -> node.letsLook() == may);
    }
  }

  private void published(GovernedNode node, String policies) {
    assertThat(node.publish(policies).has("error")).isFalse();
  }

  @Test
  void whatIsPublishedAtOneJudgesAtAllAndIsRolledBackFromAnother() throws Exception {
    untilAllLook(true);
    published(fleet.nodes.get(0), GovernedFleet.NO_LOOKING);
    assertThat(fleet.nodes.get(0).letsLook()).isFalse();
    untilAllLook(false);
    assertThat(fleet.nodes)
        .extracting(GovernedNode::policies)
        .containsOnly(fleet.nodes.get(0).policies());

    assertThat(fleet.nodes.get(2).rollBack(0).has("error")).isFalse();
    untilAllLook(true);
    assertThat(fleet.nodes).extracting(GovernedNode::policies).containsOnly("");
  }

  @Test
  void aNodeThatJoinsLaterJudgesByTheLatestFromItsFirstCallOn() throws Exception {
    published(fleet.nodes.get(0), GovernedFleet.NO_LOOKING);
    untilAllLook(false);
    assertThat(fleet.member("late", fleet.redis.port()).letsLook()).isFalse();
  }

  @Test
  void aNodeThatWasCutOffTakesOverWhatWasPublishedMeanwhile() throws Exception {
    fleet.cable.cut();
    fleet.nodes.get(2).untilMode("degraded");
    published(fleet.nodes.get(1), GovernedFleet.NO_LOOKING);
    assertThat(fleet.nodes.get(2).letsLook()).isTrue();
    fleet.cable.mend();
    untilAllLook(false);
  }

  @Test
  void aRedisThatForgotAndANodeThatWasAwayDoNotTakeTheLatestBack() throws Exception {
    published(fleet.nodes.get(0), GovernedFleet.NO_LOOKING);
    untilAllLook(false);
    fleet.nodes.get(2).stop();
    assertThat(fleet.nodes.get(1).rollBack(0).has("error")).isFalse();
    Fleet.until("one lets", () -> fleet.nodes.get(0).letsLook());
    fleet.redis.kill();
    fleet.redis.start();
    fleet.nodes.get(0).untilMode("connected");
    fleet.nodes.get(1).untilMode("connected");
    fleet.nodes.get(2).start(); // with the version before
    untilAllLook(true);
    assertThat(fleet.nodes).extracting(GovernedNode::policies).containsOnly("");
  }
}
