package dev.gatehouse.connectors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.awaitility.Awaitility.await;

import dev.gatehouse.connectors.config.McpServerConfig;
import dev.gatehouse.connectors.config.UpstreamGovernance;
import dev.gatehouse.connectors.house.House;
import dev.gatehouse.connectors.house.HttpServerScript;
import dev.gatehouse.connectors.house.Recorder;
import dev.gatehouse.connectors.house.Scripted;
import dev.gatehouse.core.call.OperationType;
import dev.gatehouse.core.call.TargetTier;
import dev.gatehouse.core.outcome.Outcome;
import dev.gatehouse.core.registry.Glob;
import dev.gatehouse.core.tool.ToolDescriptor;
import dev.gatehouse.core.tool.ToolReply;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReloadTest {

  @TempDir Path folder;
  private final HttpServerScript server = new HttpServerScript();

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void anUnchangedServerKeepsItsConnectionWhileOthersComeAndGo() {
    Scripted child = new Scripted(folder, "c");
    McpServerConfig kept = child.config("c", "plain");
    try (House house = new House(kept)) {
      house.awaitUp("c");
      house.connectors.replace(List.of(server.config("h"), kept));
      house.awaitUp("h");
      house.connectors.replace(List.of(kept));
      await()
          .atMost(House.PATIENCE)
          .until(() -> house.names().stream().allMatch(n -> n.startsWith("c__")));
      assertThat(house.call("c__echo").outcome()).isInstanceOf(Outcome.Completed.class);
      assertThat(child.received().split("\"initialize\"", -1)).hasSize(2);
    }
  }

  @Test
  void newGovernanceIsInForceAtOnceOnTheSameConnection() {
    McpServerConfig config = server.config("h");
    try (House house = new House(config)) {
      house.awaitUp("h");
      assertThat(house.connectors.find("h__echo").orElseThrow().operationType())
          .isEqualTo(OperationType.DESTRUCTIVE);
      AtomicInteger changes = new AtomicInteger();
      var subscription = house.connectors.onChange(changes::incrementAndGet);

      house.connectors.replace(
          List.of(
              config.with(
                  new UpstreamGovernance(
                      "internal",
                      TargetTier.DEV,
                      Map.of(new Glob("ec*"), OperationType.READ),
                      Optional.of("")))));

      ToolDescriptor echo = house.connectors.find("echo").orElseThrow();
      assertThat(echo.operationType()).isEqualTo(OperationType.READ);
      assertThat(echo.operationSource()).isEqualTo("config");
      assertThat(echo.connectorClass()).isEqualTo("internal");
      assertThat(echo.targetTier()).isEqualTo(TargetTier.DEV);
      assertThat(echo.target()).isEqualTo("dev");
      assertThat(changes).hasValue(1);
      assertThat(server.count("initialize")).isEqualTo(1);
      subscription.close();
      house.connectors.replace(List.of(config));
      assertThat(changes).hasValue(1);
    }
  }

  @Test
  void aRemovedServersToolsVanishAtOnceAndItsRunningCallEnds() {
    List<Runnable> held = new CopyOnWriteArrayList<>();
    server.call =
        (request, id) ->
            held.add(
                () ->
                    HttpServerScript.json(
                        request, HttpServerScript.result(id, "{\"content\":[]}")));
    try (House house = new House(server.config("h"))) {
      house.awaitUp("h");
      ToolDescriptor tool = house.connectors.find("h__echo").orElseThrow();
      CompletableFuture<ToolReply> running = house.begin("h__echo", new Recorder(false));
      await().atMost(House.PATIENCE).until(() -> held.size() == 1);

      house.connectors.replace(List.of());

      await().atMost(House.PATIENCE).until(() -> house.names().isEmpty());
      assertThat(house.connectors.connector(tool)).isEmpty();
      assertThat(running).isNotDone();
      held.forEach(Runnable::run);
      assertThat(House.get(running).outcome()).isInstanceOf(Outcome.Completed.class);
      await().atMost(House.PATIENCE).until(server.sessions::isEmpty);
    }
  }

  @Test
  void aChangedServerIsStartedAnew() {
    try (House house = new House(server.config("h"))) {
      house.awaitUp("h");
      house.connectors.replace(List.of(server.config("h", Map.of("X-Key", "new"))));
      await().atMost(House.PATIENCE).until(() -> server.count("initialize") == 2);
      house.awaitUp("h");
      assertThat(house.call("h__echo").outcome()).isInstanceOf(Outcome.Completed.class);
      assertThat(server.seen.getLast().headers()).containsEntry("x-key", "new");
    }
  }

  @Test
  void aDisabledServerIsNotStartedAndTwoOfOneNameAreRefusedWhole() {
    McpServerConfig config = server.config("h");
    McpServerConfig disabled =
        new McpServerConfig(
            "off",
            config.transport(),
            config.governance(),
            config.timeouts(),
            config.limits(),
            config.era(),
            false);
    try (House house = new House(config, disabled)) {
      house.awaitUp("h");
      assertThat(house.connectors.connectors()).hasSize(1);
      assertThatIllegalArgumentException()
          .isThrownBy(() -> house.connectors.replace(List.of(config, config)))
          .withMessageContaining("'h'");
      assertThat(house.call("h__echo").outcome()).isInstanceOf(Outcome.Completed.class);
    }
  }

  @Test
  void aGrantForAnotherConnectorMovesNothing() {
    Scripted child = new Scripted(folder, "c");
    try (House house = new House(server.config("h"), child.config("c", "plain"))) {
      house.awaitUp("h");
      house.awaitUp("c");
      var grant = house.grant("c__echo", Map.of(), House.PATIENCE);
      ToolReply reply =
          House.get(house.connector("h").execute(grant, new Recorder(false)).toCompletableFuture());
      assertThat(((Outcome.Failed) reply.outcome()).kind()).isEqualTo("wrong_connector");
      assertThat(server.executed).hasValue(0);
    }
  }

  @Test
  void toolsOfUnprefixedServersThatCollideAreAllReachable() {
    HttpServerScript other = new HttpServerScript();
    UpstreamGovernance bare =
        new UpstreamGovernance("internal", TargetTier.DEV, Map.of(), Optional.of(""));
    try (other;
        House house = new House(server.config("a").with(bare), other.config("b").with(bare))) {
      house.awaitUp("a");
      house.awaitUp("b");
      assertThat(house.names()).hasSize(2).allMatch(name -> name.matches("echo_[0-9a-f]{8}"));
      house.names().forEach(house::call);
      assertThat(server.executed).hasValue(1);
      assertThat(other.executed).hasValue(1);
    }
  }
}
