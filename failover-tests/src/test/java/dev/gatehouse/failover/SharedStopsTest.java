package dev.gatehouse.failover;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.core.fleet.FleetStatus.Mode;
import dev.gatehouse.core.fleet.HealthListener;
import dev.gatehouse.core.fleet.NoteCarrier.Confirmation;
import dev.gatehouse.core.stop.Stop;
import dev.gatehouse.core.stop.StopScope;
import dev.gatehouse.core.stop.StopScope.OneConnector;
import dev.gatehouse.fleet.FleetConfig;
import dev.gatehouse.fleet.RedisFleet;
import dev.gatehouse.policy.stop.LiveKillSwitch;
import dev.gatehouse.policy.stop.StopKeeper;
import dev.gatehouse.testkit.ManualClock;
import dev.gatehouse.testkit.MemoryAuditLog;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Three kill switches and a real Redis: what is ordered at one holds at all. */
final class SharedStopsTest {

  private static final StopScope CRM = new OneConnector("crm");
  private static final StopScope LLM = new OneConnector("llm");

  @TempDir Path directory;

  private final List<Node> nodes = new ArrayList<>();
  private @Nullable RedisProcess redis;
  private @Nullable Cable cable;

  @BeforeEach
  void start() throws IOException {
    redis = new RedisProcess(directory);
    cable = new Cable(redis::port);
    nodes.add(new Node("one", redis().port()));
    nodes.add(new Node("two", redis().port()));
    nodes.add(new Node("three", cable.port()));
    nodes.forEach(Node::untilConnected);
  }

  @AfterEach
  void stop() throws IOException {
    nodes.forEach(Node::close);
    Objects.requireNonNull(cable).close();
    redis().close();
  }

  private RedisProcess redis() {
    return Objects.requireNonNull(redis);
  }

  private Node one() {
    return nodes.get(0);
  }

  private Node two() {
    return nodes.get(1);
  }

  private Node three() {
    return nodes.get(2);
  }

  private void untilAllHave(StopScope... scopes) {
    Fleet.until(
        "all have stopped " + List.of(scopes),
        () -> nodes.stream().allMatch(node -> node.scopes().equals(List.of(scopes))));
  }

  @Test
  void whatOneStopsAllStopAndWhatAnotherLiftsAllLift() {
    one().stop(CRM);
    untilAllHave(CRM);
    two().lift(CRM);
    untilAllHave();
    three().stop(LLM);
    untilAllHave(LLM);
  }

  @Test
  void aProcessThatStartsLaterHearsWhatIsStopped() {
    one().stop(CRM);
    untilAllHave(CRM);
    Node late = new Node("late", redis().port());
    nodes.add(late);
    late.untilConnected();
    untilAllHave(CRM);
  }

  @Test
  void stopsAndLiftsOrderedWithoutRedisAreToldWhenItIsBackThoughItForgotEverything()
      throws Exception {
    one().stop(CRM);
    untilAllHave(CRM);
    redis().kill();
    nodes.forEach(Node::untilDegraded);
    two().stop(LLM);
    one().lift(CRM);
    assertThat(two().scopes()).containsExactly(CRM, LLM);

    redis().start();

    untilAllHave(LLM);
  }

  @Test
  void aFlushedRedisIsTaughtWhatIsStoppedAndWhatWasLifted() throws Exception {
    one().stop(CRM);
    one().stop(LLM);
    untilAllHave(CRM, LLM);
    one().lift(CRM);
    untilAllHave(LLM);
    assertThat(redis().command("FLUSHALL")).isEqualTo("+OK");
    Fleet.until(
        "redis knows both again",
        () -> redis().command("HLEN {gatehouse}:stops:notes").equals(":2"));
    Node late = new Node("late", redis().port());
    nodes.add(late);
    late.untilConnected();
    untilAllHave(LLM);
  }

  @Test
  void aProcessThatWasCutOffNeitherBringsBackALiftedStopNorUndoesOneOrderedMeanwhile()
      throws Exception {
    one().stop(CRM);
    untilAllHave(CRM);
    Objects.requireNonNull(cable).cut();
    three().untilDegraded();
    three().lift(CRM);
    three().stop(LLM);
    one().stop(CRM); // anew: three does not know this one

    Objects.requireNonNull(cable).mend();

    Fleet.until(
        "all know both",
        () ->
            nodes.stream()
                .allMatch(
                    node ->
                        node.scopes().containsAll(List.of(CRM, LLM)) && node.scopes().size() == 2));
  }

  @Test
  void everyOtherProcessConfirmsAnOrder() {
    String id = one().stop(CRM);
    assertThat(one().confirmed(id))
        .extracting(Confirmation::node)
        .containsExactlyInAnyOrder("two", "three");
    assertThat(one().confirmed(id)).allMatch(one -> one.took().isPresent());
    assertThat(two().scopes()).containsExactly(CRM);
  }

  @Test
  void moreOrdersThanFitInOneExchangeAllArrive() {
    for (int i = 0; i < 150; i++) {
      one().stop(new OneConnector("c" + i));
    }
    Fleet.until("all have arrived", () -> nodes.stream().allMatch(n -> n.scopes().size() == 150));
    for (int i = 0; i < 150; i++) {
      two().lift(new OneConnector("c" + i));
    }
    untilAllHave();
  }

  /** A kill switch and its way to Redis, as a gateway has them. */
  private static final class Node implements AutoCloseable {

    private final MemoryAuditLog audit = new MemoryAuditLog();
    private final LiveKillSwitch killSwitch =
        new LiveKillSwitch(audit, new ManualClock(), StopKeeper.forgetful());
    private final RedisFleet fleet;

    Node(String name, int port) {
      FleetConfig like = FleetConfig.of(URI.create("redis://127.0.0.1:" + port));
      FleetConfig config =
          new FleetConfig(
              like.redis(),
              Optional.empty(),
              Optional.empty(),
              like.namespace(),
              Duration.ofSeconds(20),
              Duration.ofSeconds(2),
              like.syncEvery(),
              like.countEvery(),
              Duration.ofMillis(200),
              like.lease(),
              like.queueMax());
      fleet = RedisFleet.start(config, UUID.randomUUID().toString(), name, audit);
      killSwitch.share(fleet.stops());
      fleet.listen(new Deaf());
    }

    void untilConnected() {
      Fleet.until(
          "it has asked", () -> fleet.status().mode() == Mode.CONNECTED && fleet.stops().settled());
    }

    void untilDegraded() {
      Fleet.until("it misses Redis", () -> fleet.status().mode() == Mode.DEGRADED);
    }

    String stop(StopScope scope) {
      var _ =
          killSwitch
              .stop(scope, "incident 7", "ann")
              .toCompletableFuture()
              .orTimeout(20, TimeUnit.SECONDS)
              .join();
      return String.valueOf(audit.rows("event").getLast().get("order"));
    }

    void lift(StopScope scope) {
      assertThat(
              killSwitch
                  .lift(scope, "over", "bob")
                  .toCompletableFuture()
                  .orTimeout(20, TimeUnit.SECONDS)
                  .join())
          .isTrue();
    }

    List<StopScope> scopes() {
      return killSwitch.stops().stream().map(Stop::scope).toList();
    }

    List<Confirmation> confirmed(String id) {
      return fleet
          .stops()
          .confirmed(id, Duration.ofSeconds(20))
          .toCompletableFuture()
          .orTimeout(40, TimeUnit.SECONDS)
          .join();
    }

    @Override
    public void close() {
      killSwitch.close();
      fleet.close();
    }
  }

  /** Of no lane does it know anything. */
  private static final class Deaf implements HealthListener {
    @Override
    public void rests(String lane, Duration remaining) {}

    @Override
    public void serves(String lane) {}

    @Override
    public List<RestingLane> resting() {
      return List.of();
    }
  }
}
