package dev.gatehouse.failover;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gatehouse.failover.Fleet.Node;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Three processes and one Redis, all real, with clocks ten minutes apart: what one learns all know,
 * one probes for all, and none depends on the others.
 */
final class FleetTest {

  private static final int ROUNDS = 5;

  @TempDir static Path directory;

  private static Fleet fleet;

  @BeforeAll
  static void start() throws IOException {
    fleet = new Fleet(directory);
  }

  @AfterAll
  static void stop() throws IOException {
    fleet.close();
  }

  @BeforeEach
  void arrange() throws IOException {
    fleet.arrange();
  }

  @Test
  void fiveFailuresAtOneProcessStopTheOtherTwo() throws Exception {
    List<Long> heardMicros = new ArrayList<>();
    for (int round = 0; round < ROUNDS; round++) {
      fleet.arrange();
      fleet.failing("first", 503);

      fleet.node(0).asks(5);
      long failed = System.nanoTime();
      for (int other : List.of(1, 2)) {
        Fleet.until("the others have heard", () -> fleet.node(other).knowsBetter());
        heardMicros.add((System.nanoTime() - failed) / 1_000);
      }
      fleet.node(1).asks(2);
      fleet.node(2).asks(2);

      assertThat(fleet.asked("first")).isLessThanOrEqualTo(5 + probesSince(failed));
      assertThat(fleet.node(1).lane().path("origin").asText()).isEqualTo("fleet");
    }
    heardMicros.sort(null);
    System.out.printf(
        "the other two processes knew after a median of %d us (from %d to %d us, looked at by"
            + " HTTP)%n",
        heardMicros.get(heardMicros.size() / 2), heardMicros.getFirst(), heardMicros.getLast());
    fleet.invariantsHold();
  }

  /** How many probes there may have been since then: one after each rest. */
  private static int probesSince(long nanos) {
    return (int) ((System.nanoTime() - nanos) / Fleet.REST.toNanos());
  }

  @Test
  void failuresOfAllProcessesAddUpThoughTheirClocksAreTenMinutesApart() throws Exception {
    fleet.failing("first", 500);

    fleet.node(0).asks(2);
    fleet.node(2).asks(2);
    assertThat(fleet.nodes()).noneMatch(Node::knowsBetter);
    fleet.node(1).asks(1);
    long failed = System.nanoTime();

    Fleet.until("everybody lets it rest", () -> fleet.nodes().stream().allMatch(Node::knowsBetter));
    for (Node node : fleet.nodes()) {
      node.asks(1);
    }
    assertThat(fleet.asked("first")).isLessThanOrEqualTo(5 + probesSince(failed));
    fleet.heal();
    fleet.untilRecovered();
    fleet.invariantsHold();
  }

  @Test
  void badRequestsOfOneClientTakeNoProviderFromAnybody() throws Exception {
    fleet.failing("first", 400);

    for (int i = 0; i < 8; i++) {
      assertThat(fleet.node(i % Fleet.SIZE).ask().statusCode()).isEqualTo(400);
    }

    assertThat(fleet.asked("first")).isEqualTo(8);
    assertThat(fleet.nodes()).noneMatch(Node::knowsBetter);
  }

  @Test
  void processThatProbesIsKilledAndAnotherProbes() throws Exception {
    fleet.failing("first", 503);
    fleet.node(0).asks(5);
    Fleet.until("everybody lets it rest", () -> fleet.nodes().stream().allMatch(Node::knowsBetter));
    fleet.silent("first");
    Fleet.until(
        "the rest is over",
        () -> fleet.nodes().stream().allMatch(node -> node.knows().equals("probing")));

    CompletableFuture<Void> probe = CompletableFuture.runAsync(() -> quietly(fleet.node(0)));
    Fleet.until("the probe is on its way", () -> fleet.asked("first") == 6);
    for (int i = 0; i < 5; i++) {
      for (int other : List.of(1, 2)) {
        HttpResponse<String> reply = fleet.node(other).ask();
        assertThat(reply.headers().firstValue("x-gatehouse-provider")).hasValue("second");
      }
    }
    assertThat(fleet.asked("first")).as("one probe in the whole fleet").isEqualTo(6);

    fleet.node(0).process().kill();
    fleet.heal();

    for (int other : List.of(1, 2)) {
      Fleet.until(
          "the other processes are served by it again",
          () ->
              fleet
                  .node(other)
                  .ask()
                  .headers()
                  .firstValue("x-gatehouse-provider")
                  .orElse("")
                  .equals("first"));
    }
    probe.join();
    fleet.node(0).ensureStarted();
    fleet.untilRecovered();
    fleet.invariantsHold();
  }

  /** The client of a process that is killed sees a connection that ends. */
  private static void quietly(Node node) {
    try {
      node.ask();
    } catch (IOException e) {
      // as expected
    }
  }

  @Test
  void redisIsFlushedInTheMiddleOfAStormAndTheFleetTeachesItAnew() throws Exception {
    fleet.failing("first", 503);
    AtomicBoolean on = new AtomicBoolean(true);
    ConcurrentLinkedQueue<Integer> statuses = new ConcurrentLinkedQueue<>();
    try (ExecutorService storm = Executors.newVirtualThreadPerTaskExecutor()) {
      for (Node node : fleet.nodes()) {
        storm.execute(
            () -> {
              while (on.get()) {
                try {
                  statuses.add(node.ask().statusCode());
                } catch (IOException e) {
                  statuses.add(-1);
                }
              }
            });
      }
      Fleet.until(
          "everybody lets it rest", () -> fleet.nodes().stream().allMatch(Node::knowsBetter));
      int before = fleet.asked("first");
      long flushed = System.nanoTime();
      assertThat(fleet.redis.command("FLUSHALL")).isEqualTo("+OK");
      Fleet.until(
          "redis knows again",
          () -> fleet.redis.command("SCARD {gatehouse}:health:resting").equals(":1"));

      assertThat(fleet.asked("first") - before)
          .as("requests to a provider that rests, but for a probe after each rest")
          .isLessThanOrEqualTo(1 + probesSince(flushed));
      fleet.heal();
      fleet.untilRecovered();
      on.set(false);
    }

    assertThat(statuses).hasSizeGreaterThan(20).containsOnly(200);
    fleet.invariantsHold();
  }

  @Test
  void redisIsKilledAndEverybodyGoesOnAloneUntilItIsBack() throws Exception {
    fleet.redis.kill();
    try {
      assertDegradedAndServing();
      fleet.failing("first", 503);
      fleet.node(1).asks(6);
      assertThat(fleet.node(1).knowsBetter()).as("its own five failures").isTrue();
      assertThat(fleet.node(2).knowsBetter()).as("what nobody could tell it").isFalse();
      assertThat(fleet.node(1).lane().path("origin").asText()).isEqualTo("local");
    } finally {
      fleet.redis.start();
    }
    Fleet.until(
        "everybody has found it again",
        () -> fleet.nodes().stream().allMatch(node -> node.fleetMode().equals("connected")));
    fleet.heal();
    fleet.untilRecovered();
    assertOneRowEach();
    fleet.invariantsHold();
  }

  @Test
  void redisThatHangsHoldsNobodyUp() throws Exception {
    fleet.redis.halt();
    try {
      assertDegradedAndServing();
    } finally {
      fleet.redis.goOn();
    }
    Fleet.until(
        "everybody has found it again",
        () -> fleet.nodes().stream().allMatch(node -> node.fleetMode().equals("connected")));
    assertOneRowEach();
    fleet.invariantsHold();
  }

  @Test
  void processThatIsCutOffGoesOnAloneAndIsTaughtWhenItIsBack() throws Exception {
    Node alone = fleet.node(2);
    fleet.cable.cut();
    try {
      assertDegradedAndServing(alone);
      fleet.failing("first", 503);
      fleet.node(0).asks(5);
      Fleet.until("the others still tell one another", () -> fleet.node(1).knowsBetter());
      assertThat(alone.knowsBetter()).as("what nobody could tell it").isFalse();
      assertThat(fleet.node(1).fleetMode()).isEqualTo("connected");
    } finally {
      fleet.cable.mend();
    }
    Fleet.until("it is back", () -> alone.fleetMode().equals("connected"));
    fleet.node(0).asks(1);
    Fleet.until("it knows what the others know", alone::knowsBetter);
    assertThat(alone.lane().path("origin").asText()).isEqualTo("fleet");
    fleet.heal();
    fleet.untilRecovered();
    assertOneRowEach(alone);
    fleet.invariantsHold();
  }

  @Test
  void redisThatIsMerelySlowTellsEverythingLaterAndHoldsNobodyUp() throws Exception {
    Node far = fleet.node(2);
    fleet.cable.delay(Duration.ofMillis(200));
    try {
      fleet.failing("first", 503);
      far.asks(5);
      assertThat(far.knowsBetter()).as("what it saw itself, before any answer").isTrue();
      Fleet.until("the others hear of it", () -> fleet.node(0).knowsBetter());
      fleet.heal();
      fleet.untilRecovered();
      fleet.failing("first", 503);
      fleet.node(0).asks(5);
      Fleet.until("it hears of the others", far::knowsBetter);
    } finally {
      fleet.cable.delay(Duration.ZERO);
    }
    fleet.heal();
    fleet.untilRecovered();
    fleet.invariantsHold();
  }

  @Test
  void redisSlowerThanAProcessIsPatientIsAwayForThatProcess() throws Exception {
    Node far = fleet.node(2);
    fleet.cable.delay(Duration.ofSeconds(2));
    try {
      assertDegradedAndServing(far);
      assertThat(fleet.node(0).fleetMode()).isEqualTo("connected");
      fleet.failing("first", 503);
      far.asks(6);
      assertThat(far.knowsBetter()).as("its own five failures").isTrue();
    } finally {
      fleet.cable.delay(Duration.ZERO);
    }
    fleet.heal();
    Fleet.until("it has found it again", () -> far.fleetMode().equals("connected"));
    fleet.untilRecovered();
    assertOneRowEach(far);
    fleet.invariantsHold();
  }

  private static void assertDegradedAndServing() throws IOException {
    for (Node node : fleet.nodes()) {
      assertDegradedAndServing(node);
    }
  }

  private static void assertDegradedAndServing(Node node) throws IOException {
    Fleet.until(
        "it says that it is alone",
        () -> {
          assertThat(node.ask().statusCode()).isEqualTo(200);
          return node.fleetMode().equals("degraded");
        });
  }

  private static void assertOneRowEach() throws IOException {
    for (Node node : fleet.nodes()) {
      assertOneRowEach(node);
    }
  }

  /** As many rows as the status counts, by turns, and as the metrics say. */
  private static void assertOneRowEach(Node node) throws IOException {
    Fleet.until(
        "the record says so",
        () -> {
          List<Map<String, Object>> lost = node.rows("event", "fleet.degraded");
          List<Map<String, Object>> found = node.rows("event", "fleet.recovered");
          return !lost.isEmpty()
              && lost.size() == found.size()
              && node.fleet().path("degradations").asInt() >= 1
              && node.fleet().path("recoveries").asInt()
                  == node.fleet().path("degradations").asInt()
              && node.metric("gatehouse_fleet_degradations_total")
                  .equals(node.fleet().path("degradations").asText() + ".0");
        });
  }

  @Test
  void whatAnOperatorStopsAtOneProcessIsRefusedAtAllAndPassesAgainWhenAnotherLiftsIt()
      throws Exception {
    String scope = "{\"scope\":{\"agent\":\"loader\"},\"reason\":\"incident 7\"}";
    List<Long> tookMicros = new ArrayList<>();
    for (int round = 0; round < ROUNDS; round++) {
      long ordered = System.nanoTime();
      fleet.node(0).order("POST", "/admin/v1/kill-switch", scope);
      for (int other : List.of(1, 2)) {
        Fleet.until("the others refuse", () -> fleet.node(other).ask().statusCode() == 403);
        tookMicros.add((System.nanoTime() - ordered) / 1_000);
      }
      fleet.node(2).order("DELETE", "/admin/v1/kill-switch", scope);
      for (int node = 0; node < Fleet.SIZE; node++) {
        Node each = fleet.node(node);
        Fleet.until("all serve again", () -> each.ask().statusCode() == 200);
      }
    }
    tookMicros.sort(null);
    System.out.printf(
        "a stop was seen in the other two processes after a median of %d us (from %d to %d us,"
            + " from before the order to the first refusal, by HTTP)%n",
        tookMicros.get(tookMicros.size() / 2), tookMicros.getFirst(), tookMicros.getLast());
    Fleet.until(
        "the record of the others says where it was ordered",
        () ->
            fleet.node(1).rows("event", "kill_switch.stopped").stream()
                .allMatch(row -> "node0".equals(row.get("from"))));
    fleet.invariantsHold();
  }

  @Test
  void anExerciseIsConfirmedByAllProcessesAndIsOnRecord() throws Exception {
    JsonNode drill =
        fleet.node(1).order("POST", "/admin/v1/kill-switch/drill", "{\"reason\":\"monthly\"}");

    assertThat(drill.path("complete").asBoolean()).as(drill.toString()).isTrue();
    assertThat(drill.path("nodes").findValuesAsText("node"))
        .startsWith("node1")
        .contains("node0", "node2");
    assertThat(fleet.node(1).rows("event", "stop.drill")).hasSize(1);
    Fleet.until(
        "nothing is stopped",
        () -> fleet.node(2).order("GET", "/admin/v1/kill-switch", "").path("stops").isEmpty());
    fleet.invariantsHold();
  }

  @Test
  void recordShowsWhatWasKnownAndByWhom() throws Exception {
    fleet.failing("first", 503);
    fleet.node(0).asks(5);
    Fleet.until("the other has heard", () -> fleet.node(1).knowsBetter());

    fleet.node(1).asks(1);

    Fleet.until(
        "the row is there",
        () ->
            fleet.node(1).rows("type", "outcome").stream()
                .map(row -> String.valueOf(row.get("candidates")))
                .anyMatch(
                    text ->
                        text.contains("state=unhealthy")
                            && text.contains("origin=fleet")
                            && text.contains("age_ms=")));
    assertThat(
            fleet
                .node(1)
                .rows("type", "outcome")
                .getLast()
                .getOrDefault("candidates_excluded", "")
                .toString())
        .contains("why=breaker_open");
  }
}
