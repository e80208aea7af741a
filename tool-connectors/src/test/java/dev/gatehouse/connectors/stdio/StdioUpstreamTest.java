package dev.gatehouse.connectors.stdio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.gatehouse.connectors.config.McpServerConfig;
import dev.gatehouse.connectors.config.UpstreamLimits;
import dev.gatehouse.connectors.config.UpstreamTransport.Stdio;
import dev.gatehouse.connectors.house.House;
import dev.gatehouse.connectors.house.Recorder;
import dev.gatehouse.connectors.house.Scripted;
import dev.gatehouse.core.outcome.Evidence.ToolEvidence;
import dev.gatehouse.core.outcome.Outcome;
import dev.gatehouse.core.tool.ConnectorHealth;
import dev.gatehouse.core.tool.ReplyError;
import dev.gatehouse.core.tool.ToolReply;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StdioUpstreamTest {

  @TempDir Path folder;

  @Test
  void listsAndCallsWithUnknownMembersKept() {
    Scripted server = new Scripted(folder, "s");
    try (House house = new House(server.config("s", "plain"))) {
      house.awaitUp("s");
      assertThat(house.names()).contains("s__echo", "s__env").isSorted();
      assertThat(house.connectors.find("s__echo").orElseThrow().definition())
          .containsEntry("name", "s__echo")
          .containsKey("vendorField");

      ToolReply reply = house.call("s__echo");

      assertThat(reply.result().get("vendor")).isEqualTo(Map.of("kept", new BigDecimal("1.10")));
      assertThat(reply.outcome()).isInstanceOf(Outcome.Completed.class);
      ToolEvidence evidence = (ToolEvidence) reply.outcome().evidence();
      assertThat(evidence.isError()).isFalse();
      assertThat(evidence.result()).isPresent();
      assertThat(server.received())
          .contains("notifications/initialized")
          .doesNotContain("progressToken");
    }
  }

  @Test
  void aDeadAndAHangingServerHarmNoOther() {
    Scripted good = new Scripted(folder, "good");
    Scripted hanging = new Scripted(folder, "hanging");
    McpServerConfig missing =
        McpServerConfig.of(
                "missing", new Stdio("/no/such/program", List.of(), Map.of(), Optional.empty()))
            .with(House.quick());
    long began = System.nanoTime();
    try (House house =
        new House(missing, hanging.config("hanging", "hang"), good.config("good", "plain"))) {
      assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(5));
      house.awaitUp("good");
      house.awaitState("missing", ConnectorHealth.State.DOWN);
      assertThat(house.connector("missing").health().detail()).contains("/no/such/program");
      assertThat(house.connector("hanging").health().state())
          .isEqualTo(ConnectorHealth.State.STARTING);
      assertThat(house.call("good__echo").outcome()).isInstanceOf(Outcome.Completed.class);
    }
  }

  @Test
  void garbageOnStandardOutputIsSkipped() {
    Scripted server = new Scripted(folder, "s");
    try (House house = new House(server.config("s", "noisy", Map.of("SECRET_KEY", "sk-123456")))) {
      house.awaitUp("s");
      assertThat(house.call("s__echo").outcome()).isInstanceOf(Outcome.Completed.class);
    }
  }

  @Test
  void anOverlongAnswerLosesOnlyItsOwnCall() {
    Scripted server = new Scripted(folder, "s");
    UpstreamLimits limits = new UpstreamLimits(4_096, 1 << 20, 100, 10, 10, 8);
    try (House house = new House(server.config("s", "plain").with(limits))) {
      house.awaitUp("s");
      CompletableFuture<ToolReply> slow = house.begin("s__slow", new Recorder(false));

      ToolReply huge = house.call("s__huge");

      assertThat(huge.outcome()).isInstanceOf(Outcome.Indeterminate.class);
      assertThat(((Outcome.Indeterminate) huge.outcome()).reason())
          .contains("messageBytesMax (4096)");
      assertThat(slow).isNotDone();
      assertThat(house.call("s__echo").outcome()).isInstanceOf(Outcome.Completed.class);
    }
  }

  @Test
  void indeterminateWhenTheChildDiesAfterSendAndReconnected() {
    Scripted server = new Scripted(folder, "s");
    try (House house = new House(server.config("s", "plain"))) {
      house.awaitUp("s");

      ToolReply reply = house.call("s__die");

      assertThat(reply.outcome()).isInstanceOf(Outcome.Indeterminate.class);
      assertThat(((Outcome.Indeterminate) reply.outcome()).reason()).contains("exit code 3");
      assertThat(reply.result()).containsEntry("isError", true);
      await()
          .atMost(House.PATIENCE)
          .untilAsserted(
              () ->
                  assertThat(house.call("s__echo").outcome())
                      .isInstanceOf(Outcome.Completed.class));
    }
  }

  @Test
  void indeterminateAtTheDeadlineAndTheServerIsTold() {
    Scripted server = new Scripted(folder, "s");
    try (House house = new House(server.config("s", "plain"))) {
      house.awaitUp("s");

      ToolReply reply =
          House.get(house.begin("s__slow", new Recorder(false), Duration.ofMillis(200)));

      assertThat(reply.outcome()).isInstanceOf(Outcome.Indeterminate.class);
      assertThat(((Outcome.Indeterminate) reply.outcome()).reason()).contains("no answer within");
      await()
          .atMost(House.PATIENCE)
          .until(() -> server.received().contains("notifications/cancelled"));
      assertThat(house.call("s__echo").outcome()).isInstanceOf(Outcome.Completed.class);
    }
  }

  @Test
  void aCallPastItsDeadlineIsNotSent() {
    Scripted server = new Scripted(folder, "s");
    try (House house = new House(server.config("s", "plain"))) {
      house.awaitUp("s");
      ToolReply reply = House.get(house.begin("s__echo", new Recorder(false), Duration.ZERO));
      assertThat(reply.outcome()).isInstanceOf(Outcome.Failed.class);
      assertThat(((Outcome.Failed) reply.outcome()).kind()).isEqualTo("deadline");
      assertThat(server.received()).doesNotContain("tools/call");
    }
  }

  @Test
  void cancellingTellsTheServerAndEndsTheCall() {
    Scripted server = new Scripted(folder, "s");
    try (House house = new House(server.config("s", "plain"))) {
      house.awaitUp("s");
      Recorder recorder = new Recorder(false);
      CompletableFuture<ToolReply> running = house.begin("s__slow", recorder);
      await().atMost(House.PATIENCE).until(() -> server.received().contains("\"slow\""));

      recorder.cancel.complete("changed my mind");

      assertThat(((Outcome.Indeterminate) House.get(running).outcome()).reason())
          .contains("cancelled");
      await()
          .atMost(House.PATIENCE)
          .until(() -> server.received().contains("notifications/cancelled"));
    }
  }

  @Test
  void progressReachesTheCallerWithoutTheToken() {
    Scripted server = new Scripted(folder, "s");
    try (House house = new House(server.config("s", "plain"))) {
      house.awaitUp("s");
      Recorder recorder = new Recorder(true);
      House.get(house.begin("s__progress", recorder));
      assertThat(recorder.progress)
          .containsExactly(Map.of("progress", 1, "total", 2), Map.of("progress", 2, "total", 2));
    }
  }

  @Test
  void aJsonRpcErrorIsPassedOnAsOne() {
    Scripted server = new Scripted(folder, "s");
    try (House house = new House(server.config("s", "plain"))) {
      house.awaitUp("s");
      ToolReply reply = house.call("s__refuse");
      assertThat(reply.outcome()).isInstanceOf(Outcome.Completed.class);
      assertThat(((ToolEvidence) reply.outcome().evidence()).isError()).isTrue();
      assertThat(reply.error()).contains(new ReplyError(-32602, "no such city", null));
      assertThat(reply.result()).isEmpty();
    }
  }

  @Test
  void severalChangesOfTheListAreAnnouncedOnce() {
    Scripted server = new Scripted(folder, "s");
    try (House house = new House(server.config("s", "plain"))) {
      house.awaitUp("s");
      List<Integer> changes = new java.util.concurrent.CopyOnWriteArrayList<>();
      try (var _ = house.connectors.onChange(() -> changes.add(house.connectors.tools().size()))) {
        house.call("s__change");
        await()
            .atMost(House.PATIENCE)
            .until(() -> house.names().equals(List.of("s__change", "s__echo", "s__fresh")));
        house.call("s__echo");
      }
      assertThat(changes).containsExactly(3);
    }
  }

  @Test
  void answersPingAndRefusesWhatItDoesNotOffer() {
    Scripted server = new Scripted(folder, "s");
    try (House house = new House(server.config("s", "plain"))) {
      house.awaitUp("s");
      assertThat(house.call("s__ask").outcome()).isInstanceOf(Outcome.Completed.class);
      assertThat(server.received())
          .contains("{\"jsonrpc\":\"2.0\",\"id\":\"p1\",\"result\":{}}")
          .containsPattern("\"id\":\"r1\",\"error\":\\{\"code\":-32601");
    }
  }

  @Test
  void theChildSeesItsOwnEnvironmentAndNothingOfTheGateway() {
    Scripted server = new Scripted(folder, "s");
    try (House house = new House(server.config("s", "plain", Map.of("TOKEN", "t")))) {
      house.awaitUp("s");
      String text = house.call("s__env").result().toString();
      assertThat(text).contains("TOKEN", "PATH", "GATEHOUSE_CHILD");
      assertThat(
              System.getenv().keySet().stream().filter(name -> name.startsWith("MAVEN")).toList())
          .allSatisfy(name -> assertThat(text).doesNotContain(name));
    }
  }

  @Test
  void toolsOfALostServerVanishUntilItIsBack() {
    Scripted server = new Scripted(folder, "s");
    try (House house = new House(server.config("s", "plain"))) {
      house.awaitUp("s");
      server.list("not json"); // from now on it cannot come back
      house.call("s__die");
      await().atMost(House.PATIENCE).until(() -> house.names().isEmpty());
      server.list("[{\"name\":\"echo\"}]");
      await().atMost(House.PATIENCE).until(() -> house.names().equals(List.of("s__echo")));
    }
  }
}
