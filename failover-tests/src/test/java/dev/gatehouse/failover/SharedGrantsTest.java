package dev.gatehouse.failover;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.gateway.rows.RecordedDecisions;
import dev.gatehouse.gateway.rows.RecordedRows;
import dev.gatehouse.registry.AgentKeys;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Three gateways and a real Redis: a grant that one opens is open at all, and so is its end. */
final class SharedGrantsTest {

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

  private GovernedNode one() {
    return nodes.get(0);
  }

  private GovernedNode two() {
    return nodes.get(1);
  }

  private GovernedNode three() {
    return nodes.get(2);
  }

  private void untilAllLet() {
    for (GovernedNode node : nodes) {
      Fleet.until(node.name + " lets the agent", node::lets);
    }
  }

  private void untilNoneLets() {
    for (GovernedNode node : nodes) {
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
    assertThat(nodes).allMatch(node -> node.grants() == 0);
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
    Fleet.until("it is over", () -> nodes.stream().allMatch(node -> node.grants() == 0));
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
    nodes.removeFirst();
    node("late", redis().port());
    untilAllLet();
    two().revoke(grant);
    untilNoneLets();
    one().stop();
  }

  @Test
  void aNodeThatIsCutOffAsksAndLearnsOfOpeningsAndEndsWhenItIsBack() throws Exception {
    String first = one().granted(5);
    untilAllLet();
    cable().cut();
    three().untilMode("degraded");
    Fleet.until("three asks", () -> !three().lets());
    assertThat(one().lets()).isTrue();

    two().revoke(first);
    Fleet.until("one asks", () -> !one().lets());
    String second = two().granted(5);
    cable().mend();

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
    redis().kill();
    nodes.forEach(node -> node.untilMode("degraded"));
    Fleet.until("two asks", () -> !two().lets());
    Fleet.until("three asks", () -> !three().lets());
    assertThat(one().lets()).isTrue();
    assertThat(two().revoke(grant).path("revoked").asText()).isEqualTo(grant);

    redis().start(); // it forgot everything

    nodes.forEach(node -> node.untilMode("connected"));
    untilNoneLets();
    assertRecordSound();
  }

  @Test
  void aRedisThatForgotIsTaughtByTheNodeThatOpenedIt() throws Exception {
    one().granted(5);
    untilAllLet();
    assertThat(redis().command("FLUSHALL")).isEqualTo("+OK");
    Fleet.until(
        "redis knows it again",
        () -> redis().command("HLEN {gatehouse}:grants:notes").equals(":1"));
    node("late", redis().port());
    untilAllLet();
  }

  @Test
  void anEndIsHeardWithinASecond() throws Exception {
    List<Duration> took = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      String grant = one().granted(5);
      Fleet.until("all have it", () -> nodes.stream().allMatch(node -> node.grants() == 1));
      long began = System.nanoTime();
      two().revoke(grant);
      Fleet.until("none has it", () -> nodes.stream().allMatch(node -> node.grants() == 0));
      took.add(Duration.ofNanos(System.nanoTime() - began));
    }
    assertThat(took.stream().sorted().toList().get(2)).isLessThan(Duration.ofSeconds(1));
  }

  /** All nodes' rows together, as an auditor would have them, decide the same again. */
  private void assertRecordSound() throws IOException {
    nodes.forEach(GovernedNode::stop);
    Path all = Files.createDirectory(directory.resolve("all"));
    for (GovernedNode node : nodes) {
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
    assertThat(again.openings().approved()).isGreaterThanOrEqualTo(nodes.size());
  }
}
