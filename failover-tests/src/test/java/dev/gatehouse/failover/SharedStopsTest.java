package dev.gatehouse.failover;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.core.fleet.NoteCarrier.Confirmation;
import dev.gatehouse.core.stop.StopScope;
import dev.gatehouse.core.stop.StopScope.OneConnector;
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

/** Three kill switches and a real Redis: what is ordered at one holds at all. */
final class SharedStopsTest {

  private static final StopScope CRM = new OneConnector("crm");
  private static final StopScope LLM = new OneConnector("llm");

  @TempDir Path directory;

  private final List<StopNode> nodes = new ArrayList<>();
  private @Nullable RedisProcess redis;
  private @Nullable Cable cable;

  @BeforeEach
  void start() throws IOException {
    redis = new RedisProcess(directory);
    cable = new Cable(redis::port);
    nodes.add(new StopNode("one", redis().port()));
    nodes.add(new StopNode("two", redis().port()));
    nodes.add(new StopNode("three", cable.port()));
    nodes.forEach(StopNode::untilConnected);
  }

  @AfterEach
  void stop() throws IOException {
    nodes.forEach(StopNode::close);
    Objects.requireNonNull(cable).close();
    redis().close();
  }

  private RedisProcess redis() {
    return Objects.requireNonNull(redis);
  }

  private StopNode one() {
    return nodes.get(0);
  }

  private StopNode two() {
    return nodes.get(1);
  }

  private StopNode three() {
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
    StopNode late = new StopNode("late", redis().port());
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
    nodes.forEach(StopNode::untilDegraded);
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
    StopNode late = new StopNode("late", redis().port());
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
}
