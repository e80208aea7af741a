package dev.gatehouse.failover;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.core.fleet.FleetNote;
import dev.gatehouse.core.stop.StopScope;
import dev.gatehouse.core.stop.StopScope.OneConnector;
import dev.gatehouse.fleet.FleetSecret;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Somebody who may write to the fleet's Redis lifts no stop and orders none. */
final class ForgedStopsTest {

  private static final StopScope CRM = new OneConnector("crm");
  private static final String LIFT =
      "{\"at_ms\":1,\"by\":\"mallory\",\"from\":\"one\",\"reason\":\"over\"}";
  private static final FleetSecret OTHER =
      new FleetSecret("secret", "what somebody else made up for this");

  @TempDir Path directory;

  private final List<StopNode> nodes = new ArrayList<>();
  private final List<StopNode> others = new ArrayList<>();
  private @Nullable RedisProcess redis;

  @BeforeEach
  void start() throws IOException {
    redis = new RedisProcess(directory);
    node("one");
    node("two");
  }

  @AfterEach
  void stop() {
    nodes.forEach(StopNode::close);
    others.forEach(StopNode::close);
    redis().close();
  }

  private RedisProcess redis() {
    return Objects.requireNonNull(redis);
  }

  private Forger forger() {
    return new Forger(redis(), "stops");
  }

  private StopNode node(String name) {
    StopNode node = new StopNode(name, redis().port());
    nodes.add(node);
    node.untilConnected();
    return node;
  }

  private StopNode outsider(FleetSecret secret, Optional<FleetSecret> before) {
    StopNode node = new StopNode("other", redis().port(), secret, before);
    others.add(node);
    node.untilConnected();
    return node;
  }

  private void untilAllHave(StopScope... scopes) {
    Fleet.until(
        "all have stopped " + List.of(scopes),
        () -> nodes.stream().allMatch(node -> node.scopes().equals(List.of(scopes))));
  }

  private void untilAllIgnored(long more, List<Long> before) {
    for (int i = 0; i < nodes.size(); i++) {
      int at = i;
      Fleet.until("it was ignored", () -> nodes.get(at).forged() >= before.get(at) + more);
    }
  }

  private long ignored() {
    return forged().stream().mapToLong(Long::longValue).sum();
  }

  private List<Long> forged() {
    return nodes.stream().map(StopNode::forged).toList();
  }

  @Test
  void aLiftWithoutSealLiftsNothingAndTheOrderIsToldAgain() throws Exception {
    String id = nodes.getFirst().stop(CRM);
    untilAllHave(CRM);
    for (String said : Forger.unsealed(true, LIFT)) {
      long before = ignored();
      forger().write(id, said);
      Fleet.until("one that saw it ignored it", () -> ignored() > before);
      forger().untilHeard(2);
      assertThat(nodes).allMatch(node -> node.scopes().equals(List.of(CRM)));
      Fleet.until("it is told again", () -> Forger.text(forger().said(id)).contains("incident 7"));
      forger().untilHeard(2);
    }
    node("late");
    untilAllHave(CRM);
  }

  @Test
  void aLiftThatIsSealedWithAnotherSecretLiftsNothing() {
    String id = nodes.getFirst().stop(CRM);
    untilAllHave(CRM);
    outsider(OTHER, Optional.empty()).tells(new FleetNote(id, true, LIFT));
    untilAllIgnored(1, List.of(0L, 0L));
    assertThat(nodes).allMatch(node -> node.scopes().equals(List.of(CRM)));
  }

  @Test
  void aStopWithAnotherSecretOrWithoutSealStopsNothingAndEachSaysSoOfTheOther() throws Exception {
    StopNode other = outsider(OTHER, Optional.empty());
    String id = other.stop(CRM);
    untilAllIgnored(1, List.of(0L, 0L));
    for (String said : Forger.unsealed(false, Forger.text(forger().said(id)))) {
      List<Long> before = forged();
      forger().write("made-up", said);
      untilAllIgnored(1, before);
    }
    assertThat(nodes).allMatch(node -> node.scopes().isEmpty());
    forger().untilHeard(3);
    long before = other.forged();
    nodes.getFirst().stop(new OneConnector("llm"));
    Fleet.until("it ignored theirs too", () -> other.forged() > before);
    assertThat(other.scopes()).containsExactly(CRM);
  }

  @Test
  void whatIsReplayedDoesNothing() throws Exception {
    String id = nodes.getFirst().stop(CRM);
    untilAllHave(CRM);
    String order = forger().said(id);
    nodes.getFirst().lift(CRM);
    untilAllHave();
    String lift = forger().said(id);

    forger().write(id, order);
    forger().untilHeard(2);
    assertThat(nodes).allMatch(node -> node.scopes().isEmpty());

    String again = nodes.getFirst().stop(CRM);
    untilAllHave(CRM);
    forger().write(id, lift);
    forger().write(again, "l" + lift.substring(1));
    forger().untilHeard(2);
    assertThat(nodes).allMatch(node -> node.scopes().equals(List.of(CRM)));
    assertThat(nodes).anyMatch(node -> node.forged() > 0); // that of another order
  }

  @Test
  void whileTheSecretIsChangedWhatIsSealedWithTheOneBeforeHolds() {
    nodes.getFirst().stop(CRM);
    untilAllHave(CRM);
    StopNode turned = outsider(OTHER, Optional.of(Fleet.SECRET));
    Fleet.until("it has it", () -> turned.scopes().equals(List.of(CRM)));
    assertThat(turned.forged()).isZero();
  }
}
