package dev.gatehouse.failover;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.gateway.rows.RecordedDecisions;
import dev.gatehouse.gateway.rows.RecordedRows;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Three gateways and a real Redis: a grant that one opens is open at all, and so is its end. */
final class SharedGrantsTest {

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

  private GovernedNode one() {
    return fleet.nodes.get(0);
  }

  private GovernedNode two() {
    return fleet.nodes.get(1);
  }

  private GovernedNode three() {
    return fleet.nodes.get(2);
  }

  private void untilAllLet() {
    for (GovernedNode node : fleet.nodes) {
      Fleet.until(node.name + " lets the agent", node::lets);
    }
  }

  private void untilNoneLets() {
    for (GovernedNode node : fleet.nodes) {
      Fleet.until(node.name + " asks", () -> !node.lets());
    }
  }

  @Test
  void whatOneOpensAllLetAndWhatAnotherRevokesNoneDoes() throws Exception {
    assertThat(three().lets()).isFalse();
    String grant = one().granted(5);
    untilAllLet();
    assertThat(three().revoke(grant).path("revoked").asText()).isEqualTo(grant);
    assertThat(three().lets()).isFalse();
    untilNoneLets();
    assertThat(fleet.nodes).allMatch(node -> node.grants() == 0);
    assertRecordSound();
  }

  @Test
  void aStopAtOneEndsItForGoodAtAll() throws Exception {
    one().granted(5);
    untilAllLet();
    two()
        .admin(
            "POST",
            "/admin/v1/kill-switch",
            "{\"scope\":{\"agent\":\"helper\"},\"reason\":\"incident\"}");
    Fleet.until("it is over", () -> fleet.nodes.stream().allMatch(node -> node.grants() == 0));
    two()
        .admin(
            "DELETE",
            "/admin/v1/kill-switch",
            "{\"scope\":{\"agent\":\"helper\"},\"reason\":\"over\"}");
    untilNoneLets();
    assertRecordSound();
  }

  @Test
  void aNodeThatJoinsLaterLearnsWhatIsOpenThoughTheOneThatOpenedItIsGone() throws Exception {
    String grant = one().granted(5);
    Fleet.until("it is told", () -> two().grants() == 1);
    one().stop();
    fleet.nodes.removeFirst();
    fleet.member("late", fleet.redis.port());
    untilAllLet();
    two().revoke(grant);
    untilNoneLets();
    one().stop();
  }

  @Test
  void aNodeThatIsCutOffAsksAndLearnsOfOpeningsAndEndsWhenItIsBack() throws Exception {
    String first = one().granted(5);
    untilAllLet();
    fleet.cable.cut();
    three().untilMode("degraded");
    Fleet.until("three asks", () -> !three().lets());
    assertThat(one().lets()).isTrue();

    two().revoke(first);
    Fleet.until("one asks", () -> !one().lets());
    String second = two().granted(5);
    fleet.cable.mend();

    untilAllLet();
    three().revoke(second);
    untilNoneLets();
    assertRecordSound();
  }

  @Test
  void withoutRedisOnlyTheNodeThatOpenedItLetsAndAnEndOrderedMeanwhileIsToldLater()
      throws Exception {
    String grant = one().granted(5);
    untilAllLet();
    fleet.redis.kill();
    fleet.nodes.forEach(node -> node.untilMode("degraded"));
    Fleet.until("two asks", () -> !two().lets());
    Fleet.until("three asks", () -> !three().lets());
    assertThat(one().lets()).isTrue();
    assertThat(two().revoke(grant).path("revoked").asText()).isEqualTo(grant);

    fleet.redis.start(); // it forgot everything

    fleet.nodes.forEach(node -> node.untilMode("connected"));
    untilNoneLets();
    assertRecordSound();
  }

  @Test
  void aRedisThatForgotIsTaughtByTheNodeThatOpenedIt() throws Exception {
    one().granted(5);
    untilAllLet();
    assertThat(fleet.redis.command("FLUSHALL")).isEqualTo("+OK");
    Fleet.until(
        "redis knows it again",
        () -> fleet.redis.command("HLEN {gatehouse}:grants:notes").equals(":1"));
    fleet.member("late", fleet.redis.port());
    untilAllLet();
  }

  @Test
  void anEndIsHeardWithinASecond() throws Exception {
    List<Duration> took = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      String grant = one().granted(5);
      Fleet.until("all have it", () -> fleet.nodes.stream().allMatch(node -> node.grants() == 1));
      long began = System.nanoTime();
      two().revoke(grant);
      Fleet.until("none has it", () -> fleet.nodes.stream().allMatch(node -> node.grants() == 0));
      took.add(Duration.ofNanos(System.nanoTime() - began));
    }
    assertThat(took.stream().sorted().toList().get(2)).isLessThan(Duration.ofSeconds(1));
  }

  /** All nodes' rows together, as an auditor would have them, decide the same again. */
  private void assertRecordSound() throws IOException {
    fleet.nodes.forEach(GovernedNode::stop);
    Path all = Files.createDirectory(directory.resolve("all"));
    for (GovernedNode node : fleet.nodes) {
      try (Stream<Path> files = Files.walk(node.audit())) {
        for (Path file : (Iterable<Path>) files::iterator) {
          Path copy = all.resolve(node.audit().relativize(file).toString());
          if (!Files.exists(copy)) {
            Files.copy(file, copy);
          }
        }
      }
    }
    RecordedDecisions.Result again = RecordedDecisions.of(RecordedRows.ofDirectory(all), _ -> {});
    assertThat(again.difference()).isEmpty();
    assertThat(again.summary().unknown()).isZero();
    assertThat(again.openings().unknown()).isZero();
    assertThat(again.openings().approved()).isGreaterThanOrEqualTo(fleet.nodes.size());
  }
}
