package dev.gatehouse.policy.stop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatehouse.core.call.GovernedCall;
import dev.gatehouse.core.call.TargetTier;
import dev.gatehouse.core.decision.Reason;
import dev.gatehouse.core.registry.Agent;
import dev.gatehouse.core.registry.AgentId;
import dev.gatehouse.core.stop.Stop;
import dev.gatehouse.core.stop.StopScope;
import dev.gatehouse.core.stop.StopScope.Everything;
import dev.gatehouse.core.stop.StopScope.Labelled;
import dev.gatehouse.core.stop.StopScope.OneAgent;
import dev.gatehouse.core.stop.StopScope.OneConnector;
import dev.gatehouse.policy.Calls;
import dev.gatehouse.testkit.ManualClock;
import dev.gatehouse.testkit.MemoryAuditLog;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LiveKillSwitchTest {

  private static final Agent PROD_EU =
      Calls.agent(Calls.TRIAGE, OptionalInt.empty(), Map.of("env", "prod", "region", "eu"));

  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private final ManualClock clock = new ManualClock();
  private final MemoryAuditLog audit = new MemoryAuditLog();
  private final LiveKillSwitch killSwitch =
      new LiveKillSwitch(audit, clock, StopKeeper.forgetful());
  private final GovernedCall tool = Calls.closing(Calls.TRIAGE, "T-1");
  private final GovernedCall chat = Calls.chat(TargetTier.DEV);

  @AfterEach
  void close() {
    killSwitch.close();
  }

  @Test
  void nothingIsStoppedAtFirst() {
    assertThat(stopped(tool)).isEmpty();
    assertThat(killSwitch.stops()).isEmpty();
  }

  @Test
  void allStopsToolsAndModels() {
    stop(new Everything());
    assertThat(stopped(tool)).isPresent();
    assertThat(stopped(chat)).isPresent();
    assertThat(killSwitch.stopped(tool, Optional.empty())).isPresent();
  }

  @Test
  void anAgentOrAConnectorIsStoppedWithoutTheOthers() {
    stop(new OneAgent(new AgentId("other")));
    stop(new OneConnector("crm"));
    assertThat(stopped(tool)).isEmpty();
    stop(new OneConnector("llm"));
    assertThat(stopped(tool)).isEmpty();
    assertThat(stopped(chat)).isPresent();
    stop(new OneAgent(Calls.TRIAGE));
    assertThat(stopped(tool)).isPresent();
  }

  @Test
  void labelsStopTheAgentsThatCarryAllOfThem() {
    stop(new Labelled(Map.of("env", "prod", "region", "us")));
    stop(new Labelled(Map.of("env", "dev")));
    assertThat(stopped(tool)).isEmpty();
    stop(new Labelled(Map.of("env", "prod")));
    assertThat(stopped(tool)).isPresent();
  }

  @Test
  void theReasonNamesScopeTimeAndCause() {
    stop(new OneConnector("tickets"));
    assertThat(stopped(tool))
        .contains(
            new Reason(
                "standing.stopped",
                "an operator stopped connector tickets at 2026-01-01T00:00:00Z: incident 7"));
  }

  @Test
  void everyOrderLeavesARow() {
    stop(new Labelled(Map.of("env", "prod")));
    lift(new Labelled(Map.of("env", "prod")));
    assertThat(audit.rows("event"))
        .extracting(row -> row.get("event"))
        .containsExactly("kill_switch.stopped", "kill_switch.lifted");
    assertThat(audit.rows("event").getFirst())
        .containsEntry("scope", Map.of("labels", Map.of("env", "prod")))
        .containsEntry("operator", "ann")
        .containsEntry("reason", "incident 7");
  }

  @Test
  void aStopHoldsBeforeItsRowIsDurableAndEvenWithoutOne() {
    audit.hold();
    CompletableFuture<?> recorded =
        killSwitch.stop(new Everything(), "r", "ann").toCompletableFuture();
    assertThat(recorded).isNotDone();
    assertThat(stopped(tool)).isPresent();
    audit.fail();
    audit.release();
    assertThat(recorded).failsWithin(PATIENCE);
    assertThat(stopped(tool)).isPresent();
    assertThat(killSwitch.stop(new OneConnector("x"), "r", "ann").toCompletableFuture())
        .failsWithin(PATIENCE);
    assertThat(killSwitch.stops()).hasSize(2);
  }

  @Test
  void aLiftTakesEffectOnlyWhenItsRowIsDurable() {
    stop(new Everything());
    audit.hold();
    CompletableFuture<Boolean> lifted =
        killSwitch.lift(new Everything(), "over", "ann").toCompletableFuture();
    assertThat(stopped(tool)).isPresent();
    audit.release();
    assertThat(lifted).succeedsWithin(PATIENCE).isEqualTo(true);
    assertThat(stopped(tool)).isEmpty();
  }

  @Test
  void aLiftThatCannotBeRecordedDoesNotHappen() {
    stop(new Everything());
    audit.fail();
    assertThat(killSwitch.lift(new Everything(), "over", "ann").toCompletableFuture())
        .failsWithin(PATIENCE);
    assertThat(stopped(tool)).isPresent();
  }

  @Test
  void aLiftDoesNotRemoveAStopOrderedMeanwhile() {
    stop(new Everything());
    audit.hold();
    CompletableFuture<Boolean> lifted =
        killSwitch.lift(new Everything(), "over", "ann").toCompletableFuture();
    var _ = killSwitch.stop(new Everything(), "again", "bob");
    audit.release();
    assertThat(lifted).succeedsWithin(PATIENCE).isEqualTo(false);
    assertThat(killSwitch.stops()).extracting(Stop::reason).containsExactly("again");
  }

  @Test
  void liftingWhatIsNotStoppedSaysSo() {
    assertThat(lift(new Everything())).isFalse();
    assertThat(audit.rows()).isEmpty();
  }

  @Test
  void blankAndOverlongReasonsAreRefused() {
    assertThatThrownBy(() -> killSwitch.stop(new Everything(), " ", "ann"))
        .hasMessage("the kill switch needs a reason");
    assertThatThrownBy(() -> killSwitch.lift(new Everything(), "x".repeat(2_001), "ann"))
        .hasMessageContaining("1..2000, this is 2001");
    assertThat(killSwitch.stops()).isEmpty();
  }

  @Test
  void stopsAreLimitedButEverythingCanStillBeStopped() {
    for (int i = 0; i < LiveKillSwitch.STOPS_MAX; i++) {
      stop(new OneConnector("c" + i));
    }
    assertThatThrownBy(() -> stop(new OneConnector("one too many")))
        .hasMessage("the number of stops lies in 0..1000, this is 1001");
    stop(new OneConnector("c0"));
    stop(new Everything());
    assertThat(stopped(tool)).isPresent();
  }

  private Optional<Reason> stopped(GovernedCall call) {
    return killSwitch.stopped(call, Optional.of(PROD_EU));
  }

  private void stop(StopScope scope) {
    killSwitch
        .stop(scope, "incident 7", "ann")
        .toCompletableFuture()
        .orTimeout(10, TimeUnit.SECONDS)
        .join();
  }

  private boolean lift(StopScope scope) {
    return killSwitch
        .lift(scope, "over", "ann")
        .toCompletableFuture()
        .orTimeout(10, TimeUnit.SECONDS)
        .join();
  }
}
