package dev.gatehouse.failover;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.registry.AgentKeys;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Three gateways and a real Redis: policies that are published at one judge at all. */
final class SharedPoliciesTest {

  private static final String NO_LOOKING =
      """
      policy "no-looking":
        when: up.look
        then: deny(severity="high")
      """;

  @TempDir Path directory;

  private final List<GovernedNode> nodes = new ArrayList<>();
  private final AgentKeys.GeneratedKey key = AgentKeys.generate();
  private @Nullable FakeUpstreams upstreams;
  private @Nullable RedisProcess redis;
  private @Nullable Cable cable;

  @BeforeEach
  void start() throws IOException {
    upstreams = new FakeUpstreams();
    redis = new RedisProcess(directory);
    cable = new Cable(redis::port);
    node("one", redis().port());
    node("two", redis().port());
    node("three", cable().port());
  }

  @AfterEach
  void stop() throws IOException {
    cable().mend();
    nodes.forEach(GovernedNode::close);
    cable().close();
    redis().close();
    Objects.requireNonNull(upstreams).close();
  }

  private GovernedNode node(String name, int redisPort) throws IOException {
    String upstream = Objects.requireNonNull(upstreams).url("/mcp");
    GovernedNode node = new GovernedNode(directory, name, upstream, redisPort, key);
    nodes.add(node);
    node.untilMode("connected");
    return node;
  }

  private RedisProcess redis() {
    return Objects.requireNonNull(redis);
  }

  private Cable cable() {
    return Objects.requireNonNull(cable);
  }

  private void untilAllLook(boolean may) {
    for (GovernedNode node : nodes) {
      Fleet.until(node.name + (may ? " lets" : " refuses"), () -> node.letsLook() == may);
    }
  }

  private void published(GovernedNode node, String policies) {
    assertThat(node.publish(policies).has("error")).isFalse();
  }

  @Test
  void whatIsPublishedAtOneJudgesAtAllAndIsRolledBackFromAnother() throws Exception {
    untilAllLook(true);
    published(nodes.get(0), NO_LOOKING);
    assertThat(nodes.get(0).letsLook()).isFalse();
    untilAllLook(false);
    assertThat(nodes).extracting(GovernedNode::policies).containsOnly(nodes.get(0).policies());

    assertThat(nodes.get(2).rollBack(0).has("error")).isFalse();
    untilAllLook(true);
    assertThat(nodes).extracting(GovernedNode::policies).containsOnly("");
  }

  @Test
  void aNodeThatJoinsLaterJudgesByTheLatestFromItsFirstCallOn() throws Exception {
    published(nodes.get(0), NO_LOOKING);
    untilAllLook(false);
    assertThat(node("late", redis().port()).letsLook()).isFalse();
  }

  @Test
  void aNodeThatWasCutOffTakesOverWhatWasPublishedMeanwhile() throws Exception {
    cable().cut();
    nodes.get(2).untilMode("degraded");
    published(nodes.get(1), NO_LOOKING);
    assertThat(nodes.get(2).letsLook()).isTrue();
    cable().mend();
    untilAllLook(false);
  }

  @Test
  void aRedisThatForgotAndANodeThatWasAwayDoNotTakeTheLatestBack() throws Exception {
    published(nodes.get(0), NO_LOOKING);
    untilAllLook(false);
    nodes.get(2).stop();
    assertThat(nodes.get(1).rollBack(0).has("error")).isFalse();
    Fleet.until("one lets", () -> nodes.get(0).letsLook());
    redis().kill();
    redis().start();
    nodes.get(0).untilMode("connected");
    nodes.get(1).untilMode("connected");
    nodes.get(2).start(); // with the version before
    untilAllLook(true);
    assertThat(nodes).extracting(GovernedNode::policies).containsOnly("");
  }
}
