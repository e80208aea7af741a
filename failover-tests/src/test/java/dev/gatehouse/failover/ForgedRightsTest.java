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

/** Somebody who may write to the fleet's Redis opens no grant and publishes no policy. */
final class ForgedRightsTest {

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

  /** Like the others but for the fleet's secret. */
  private @Nullable GovernedNode other;

  @BeforeEach
  void start() throws IOException {
    upstreams = new FakeUpstreams();
    redis = new RedisProcess(directory);
    nodes.add(node("one", Fleet.SECRET_TEXT));
    nodes.add(node("two", Fleet.SECRET_TEXT));
  }

  @AfterEach
  void stop() throws IOException {
    nodes.forEach(GovernedNode::close);
    if (other != null) {
      other.close();
    }
    redis().close();
    Objects.requireNonNull(upstreams).close();
  }

  private RedisProcess redis() {
    return Objects.requireNonNull(redis);
  }

  private GovernedNode node(String name, String secret) throws IOException {
    String upstream = Objects.requireNonNull(upstreams).url("/mcp");
    GovernedNode node = new GovernedNode(directory, name, upstream, redis().port(), key, secret);
    node.untilMode("connected");
    return node;
  }

  private GovernedNode other() throws IOException {
    GovernedNode node = node("other", "what somebody else made up for this");
    other = node;
    return node;
  }

  /** Each of the fleet has ignored so many notes. */
  private void untilIgnored(long forged) {
    for (GovernedNode node : nodes) {
      Fleet.until(node.name + " has ignored it", () -> node.forged() >= forged);
    }
  }

  @Test
  void aGrantWithoutSealOrWithThatOfAnotherSecretOpensNothing() throws Exception {
    GovernedNode forging = other();
    String grant = forging.granted(5);
    assertThat(forging.lets()).isTrue();
    untilIgnored(1);
    assertNoneLets();

    Forger forger = new Forger(redis(), "grants");
    forging.stop();
    String text = Forger.text(forger.said(grant));
    long forged = 1;
    for (String said : Forger.unsealed(false, text)) {
      forger.write(grant, said);
      untilIgnored(++forged);
      assertNoneLets();
    }
    assertThat(nodes).allMatch(node -> node.grants() == 0);
  }

  @Test
  void aGrantThatEndedIsNotOpenedByShowingItsOpeningAgain() throws Exception {
    Forger forger = new Forger(redis(), "grants");
    String grant = nodes.get(0).granted(5);
    Fleet.until("two lets", () -> nodes.get(1).lets());
    String opening = forger.said(grant);
    nodes.get(1).revoke(grant);
    Fleet.until("one asks", () -> !nodes.get(0).lets());
    forger.untilHeard(2);

    forger.write(grant, opening);
    forger.untilHeard(2);
    assertNoneLets();
    assertThat(nodes).allMatch(node -> node.grants() == 0 && node.forged() == 0);
  }

  private void assertNoneLets() throws Exception {
    for (GovernedNode node : nodes) {
      assertThat(node.lets()).as(node.name).isFalse();
    }
  }

  @Test
  void policiesWithoutSealOrWithThatOfAnotherSecretAreNotPublished() throws Exception {
    GovernedNode forging = other();
    assertThat(forging.publish(NO_LOOKING).has("error")).isFalse();
    assertThat(forging.letsLook()).isFalse();
    untilIgnored(1);
    assertAllLook();

    Forger forger = new Forger(redis(), "policies");
    forging.stop();
    String id = forger.ids().getFirst();
    String text = Forger.text(forger.said(id));
    long forged = 1;
    for (String said : Forger.unsealed(false, text)) {
      forger.write(id, said);
      untilIgnored(++forged);
      assertAllLook();
    }
    assertThat(nodes).allMatch(node -> node.policies().isEmpty());
  }

  @Test
  void policiesThatWereRolledBackAreNotPublishedByShowingTheirOrderAgain() throws Exception {
    Forger forger = new Forger(redis(), "policies");
    assertThat(nodes.get(0).publish(NO_LOOKING).has("error")).isFalse();
    Fleet.until("two refuses", () -> !nodes.get(1).letsLook());
    String id = forger.ids().getFirst();
    String order = forger.said(id);
    assertThat(nodes.get(1).rollBack(0).has("error")).isFalse();
    Fleet.until("one lets", () -> nodes.get(0).letsLook());
    forger.untilHeard(2);

    forger.write(id, order);
    forger.untilHeard(2);
    assertAllLook();
    assertThat(nodes).allMatch(node -> node.policies().isEmpty() && node.forged() == 0);
  }

  private void assertAllLook() throws Exception {
    for (GovernedNode node : nodes) {
      assertThat(node.letsLook()).as(node.name).isTrue();
    }
  }
}
