package dev.gatehouse.policy.stop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

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
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is stopped stays stopped when the process is started anew. */
class StopFileTest {

  private static final Duration PATIENCE = Duration.ofSeconds(20);

  @TempDir Path directory;

  private LiveKillSwitch started() throws IOException {
    return new LiveKillSwitch(
        new MemoryAuditLog(), new ManualClock(), StopFile.open(directory.resolve("stops.json")));
  }

  private static void stop(LiveKillSwitch killSwitch, StopScope scope) throws Exception {
    killSwitch
        .stop(scope, "r\u00fcckruf \"7\"", "ann")
        .toCompletableFuture()
        .get(20, TimeUnit.SECONDS);
  }

  @Test
  void everyKindOfStopIsThereAfterARestartAndWhatWasLiftedIsNot() throws Exception {
    List<Stop> before;
    try (LiveKillSwitch killSwitch = started()) {
      stop(killSwitch, new OneAgent(new AgentId("triage")));
      stop(killSwitch, new OneConnector("crm"));
      stop(killSwitch, new Labelled(Map.of("env", "prod", "region", "eu")));
      stop(killSwitch, new Everything());
      assertThat(killSwitch.lift(new Everything(), "over", "ann").toCompletableFuture())
          .succeedsWithin(PATIENCE)
          .isEqualTo(true);
      before = killSwitch.stops();
    }

    try (LiveKillSwitch killSwitch = started()) {
      assertThat(killSwitch.stops()).hasSize(3).isEqualTo(before);
      assertThat(killSwitch.stopped(Calls.closing(Calls.TRIAGE, "T-1"), Optional.empty()))
          .isPresent();
    }
  }

  @Test
  void stopThatCannotBeKeptHoldsAndSaysSo() throws Exception {
    try (LiveKillSwitch killSwitch = started()) {
      Files.createDirectories(directory.resolve("stops.json.new/in-the-way"));
      assertThat(killSwitch.stop(new Everything(), "incident", "ann").toCompletableFuture())
          .failsWithin(PATIENCE)
          .withThrowableThat()
          .withMessageContaining("what is stopped cannot be kept over a restart");
      assertThat(killSwitch.stopped(Calls.closing(Calls.TRIAGE, "T-1"), Optional.empty()))
          .isPresent();
    }
  }

  @Test
  void liftThatCannotBeKeptDoesNotHappen() throws Exception {
    try (LiveKillSwitch killSwitch = started()) {
      stop(killSwitch, new Everything());
      Files.createDirectories(directory.resolve("stops.json.new/in-the-way"));
      assertThat(killSwitch.lift(new Everything(), "over", "ann").toCompletableFuture())
          .failsWithin(PATIENCE);
      assertThat(killSwitch.stops()).hasSize(1);
    }
    assertThat(StopFile.open(directory.resolve("stops.json")).kept().orders()).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "{",
        "[]",
        "{\"v\":2,\"stops\":[]}",
        "{\"v\":1}",
        "{\"v\":1,\"stops\":[7]}",
        "{\"v\":1,\"stops\":[{\"scope\":{},\"reason\":\"r\",\"by\":\"a\",\"since\":\"2026-01-01T00:00:00Z\"}]}",
        "{\"v\":1,\"stops\":[{\"scope\":{\"all\":true},\"reason\":\"r\",\"by\":\"a\",\"since\":\"then\"}]}",
        "{\"v\":1,\"stops\":[{\"scope\":{\"all\":true},\"reason\":\"\",\"by\":\"a\",\"since\":\"2026-01-01T00:00:00Z\"}]}"
      })
  void damagedFileStopsTheStartAndIsNamed(String text) throws IOException {
    Path file = directory.resolve("stops.json");
    Files.writeString(file, text);
    assertThatIOException()
        .isThrownBy(() -> StopFile.open(file))
        .withMessageContaining(file.toString())
        .withMessageContaining("nobody knows what the kill switch has stopped");
  }
}
