package dev.gatehouse.connectors.negotiation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.gatehouse.connectors.config.UpstreamEra;
import dev.gatehouse.connectors.config.UpstreamTimeouts;
import dev.gatehouse.connectors.house.House;
import dev.gatehouse.connectors.house.HttpServerScript;
import dev.gatehouse.connectors.house.ModernServerScript;
import dev.gatehouse.connectors.house.Recorder;
import dev.gatehouse.connectors.house.Scripted;
import dev.gatehouse.core.outcome.Outcome.Completed;
import dev.gatehouse.core.tool.ConnectorHealth;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NegotiationTest {

  @TempDir Path folder;

  @Test
  void aModernServerIsRecognisedAndNeverAskedToInitialize() {
    try (ModernServerScript server = new ModernServerScript();
        House house = new House(server.config("m"))) {
      house.awaitUp("m");
      assertThat(house.connector("m").health().detail()).isEqualTo("modern 1, MCP 2026-07-28");
      assertThat(house.call("m__echo").outcome()).isInstanceOf(Completed.class);
      assertThat(server.seen("initialize")).isEmpty();
    }
  }

  @Test
  void aLegacyServerIsAskedOnceAndThenInitialized() {
    try (HttpServerScript server = new HttpServerScript();
        House house = new House(server.config("l"))) {
      house.awaitUp("l");
      assertThat(server.seen.getFirst().body()).contains("server/discover");
      server.sessions.clear();
      assertThat(house.call("l__echo").outcome()).isInstanceOf(Completed.class);
      assertThat(server.count("server/discover")).as("the era is remembered").isEqualTo(1);
      assertThat(server.count("initialize")).isEqualTo(2);
    }
  }

  @Test
  void aServerConfiguredAsLegacyIsNotAsked() {
    try (HttpServerScript server = new HttpServerScript();
        House house = new House(server.config("l").with(UpstreamEra.LEGACY))) {
      house.awaitUp("l");
      assertThat(server.count("server/discover")).isZero();
    }
  }

  @Test
  void aServerConfiguredAsModernIsNeverInitialized() {
    try (HttpServerScript server = new HttpServerScript();
        House house = new House(server.config("l").with(UpstreamEra.MODERN))) {
      house.awaitState("l", ConnectorHealth.State.DOWN);
      assertThat(house.connector("l").health().detail()).contains("server/discover", "404");
      assertThat(server.count("initialize")).isZero();
    }
  }

  @Test
  void aRejectedVersionIsAskedForAgainWhereTheServerNamesIt() {
    try (ModernServerScript server = new ModernServerScript()) {
      server.answers.put(
          "server/discover",
          (request, one) -> {
            if (server.seen("server/discover").size() == 1) {
              ModernServerScript.error(
                  request,
                  one,
                  "\"code\":-32022,\"message\":\"?\",\"data\":{\"supported\":[\"2026-07-28\"]}");
            } else {
              ModernServerScript.result(request, one, ModernServerScript.discovered());
            }
          });
      try (House house = new House(server.config("m"))) {
        house.awaitUp("m");
        assertThat(server.seen("initialize")).isEmpty();
      }
    }
  }

  @Test
  void aServerOfOnlyNewerVersionsIsRefusedByName() {
    try (ModernServerScript server = new ModernServerScript()) {
      server.answers.put(
          "server/discover",
          (request, one) ->
              ModernServerScript.error(
                  request,
                  one,
                  "\"code\":-32022,\"message\":\"?\",\"data\":{\"supported\":[\"2031-01-01\"]}"));
      try (House house = new House(server.config("m"))) {
        house.awaitState("m", ConnectorHealth.State.DOWN);
        assertThat(house.connector("m").health().detail()).contains("not spoken here");
        assertThat(server.seen("initialize")).isEmpty();
      }
    }
  }

  @Test
  void aServerThatWantsAnAuthorizationIsNotTakenForLegacy() {
    try (ModernServerScript server = new ModernServerScript()) {
      server.answers.put(
          "server/discover", (request, _) -> request.response().setStatusCode(401).end());
      try (House house = new House(server.config("m"))) {
        house.awaitState("m", ConnectorHealth.State.DOWN);
        assertThat(house.connector("m").health().detail()).contains("401");
        assertThat(server.seen("initialize")).isEmpty();
      }
    }
  }

  @Test
  void aModernChildIsListenedToOnItsOneChannel() {
    Scripted server = new Scripted(folder, "s");
    try (House house = new House(server.config("s", "modern"))) {
      house.awaitUp("s");
      await()
          .atMost(House.PATIENCE)
          .until(() -> server.received().contains("subscriptions/listen"));
      assertThat(house.call("s__change").outcome()).isInstanceOf(Completed.class);
      await()
          .atMost(House.PATIENCE)
          .until(() -> house.names().equals(List.of("s__change", "s__echo", "s__fresh")));
      assertThat(server.received()).doesNotContain("\"initialize\"");
    }
  }

  @Test
  void cancellingACallOfAModernChildTellsIt() {
    Scripted server = new Scripted(folder, "s");
    try (House house = new House(server.config("s", "modern"))) {
      house.awaitUp("s");
      Recorder recorder = new Recorder(false);
      var running = house.begin("s__slow", recorder);
      await().atMost(House.PATIENCE).until(() -> server.received().contains("\"slow\""));
      recorder.cancel.complete("enough");
      House.get(running);
      await()
          .atMost(House.PATIENCE)
          .until(() -> server.received().contains("notifications/cancelled"));
    }
  }

  @Test
  void aChildThatDiesOfBeingAskedIsStartedAnewAndNotAskedAgain() {
    Scripted server = new Scripted(folder, "s");
    try (House house = new House(server.config("s", "touchy"))) {
      house.awaitUp("s");
      assertThat(house.call("s__echo").outcome()).isInstanceOf(Completed.class);
      house.call("s__die");
      await()
          .atMost(House.PATIENCE)
          .until(() -> house.call("s__echo").outcome() instanceof Completed);
      assertThat(server.received().split("server/discover", -1)).hasSize(2);
    }
  }

  @Test
  void aChildThatSaysNothingWhenAskedIsInitialized() {
    Scripted server = new Scripted(folder, "s");
    UpstreamTimeouts quick = House.quick();
    UpstreamTimeouts impatient =
        new UpstreamTimeouts(
            quick.connect(),
            quick.initialize(),
            Duration.ofMillis(200),
            quick.call(),
            quick.ping(),
            quick.pingEvery(),
            quick.close(),
            quick.drain(),
            quick.absence(),
            quick.reconnectMin(),
            quick.reconnectMax());
    try (House house = new House(server.config("s", "mute", Map.of()).with(impatient))) {
      house.awaitUp("s");
      assertThat(house.call("s__echo").outcome()).isInstanceOf(Completed.class);
    }
  }
}
