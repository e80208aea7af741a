package dev.gatehouse.connectors.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.gatehouse.connectors.config.UpstreamTimeouts;
import dev.gatehouse.connectors.house.House;
import dev.gatehouse.connectors.house.HttpServerScript;
import dev.gatehouse.connectors.house.Recorder;
import dev.gatehouse.core.gate.ExecutionGrant;
import dev.gatehouse.core.outcome.Outcome;
import dev.gatehouse.core.outcome.Outcome.Completed;
import dev.gatehouse.core.outcome.Outcome.Failed;
import dev.gatehouse.core.outcome.Outcome.Indeterminate;
import dev.gatehouse.core.tool.ConnectorHealth;
import dev.gatehouse.core.tool.ToolReply;
import io.vertx.core.http.HttpServerResponse;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class HttpUpstreamTest {

  private final HttpServerScript server = new HttpServerScript();

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void callsCarrySessionVersionAndConfiguredHeaders() {
    try (House house = new House(server.config("h", Map.of("Authorization", "Bearer s3cret")))) {
      house.awaitUp("h");

      ToolReply reply = house.call("h__echo");

      assertThat(reply.outcome()).isInstanceOf(Completed.class);
      assertThat(reply.result()).containsEntry("vendor", new BigDecimal("1.10"));
      assertThat(server.seen.getLast().headers())
          .containsEntry("mcp-session-id", "session-1")
          .containsEntry("mcp-protocol-version", "2025-11-25")
          .containsEntry("authorization", "Bearer s3cret")
          .containsEntry("accept", "application/json, text/event-stream");
    }
    assertThat(server.sessions).as("the session was ended at close").isEmpty();
  }

  @Test
  void anOlderVersionIsNegotiatedAndAnUnknownOneRefused() {
    server.version = "2025-03-26";
    HttpServerScript future = new HttpServerScript();
    future.version = "2031-01-01";
    try (future;
        House house = new House(server.config("h"), future.config("f"))) {
      house.awaitUp("h");
      house.awaitState("f", ConnectorHealth.State.DOWN);
      assertThat(house.connector("f").health().detail()).contains("2031-01-01");
    }
  }

  @Test
  void anEventStreamMayCarryProgressAndMessagesBeforeTheAnswer() {
    server.call =
        (request, id) ->
            HttpServerScript.events(request)
                .end(
                    event(
                            "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/progress\",\"params\":{\"progressToken\":"
                                + id
                                + ",\"progress\":1}}")
                        + event(
                            "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/message\",\"params\":{\"level\":\"info\",\"data\":\"hi\"}}")
                        + event(HttpServerScript.result(id, "{\"content\":[]}")));
    try (House house = new House(server.config("h"))) {
      house.awaitUp("h");
      Recorder recorder = new Recorder(true);

      ToolReply reply = House.get(house.begin("h__echo", recorder));

      assertThat(reply.outcome()).isInstanceOf(Completed.class);
      assertThat(recorder.progress).containsExactly(Map.of("progress", 1));
      assertThat(recorder.messages).containsExactly(Map.of("level", "info", "data", "hi"));
    }
  }

  @Test
  void aStreamThatTheServerLetsGoOfIsResumed() {
    server.call =
        (request, id) ->
            HttpServerScript.events(request).end("id: " + id + "\nretry: 10\ndata:\n\n");
    server.intercept =
        request -> {
          String at = request.getHeader("Last-Event-ID");
          if (at == null) {
            return false;
          }
          HttpServerScript.events(request)
              .end(event(HttpServerScript.result(at, "{\"content\":[],\"resumed\":true}")));
          return true;
        };
    try (House house = new House(server.config("h"))) {
      house.awaitUp("h");
      assertThat(house.call("h__echo").result()).containsEntry("resumed", true);
      assertThat(server.executed).hasValue(1);
    }
  }

  @Test
  void aLostSessionIsRenewedAndTheCallMadeOnce() {
    try (House house = new House(server.config("h"))) {
      house.awaitUp("h");
      server.sessions.clear();

      ToolReply reply = house.call("h__echo");

      assertThat(reply.outcome()).isInstanceOf(Completed.class);
      assertThat(server.executed).hasValue(1);
      assertThat(server.count("initialize")).isEqualTo(2);
    }
  }

  @Test
  void manyCallsOnALostSessionAllMoveToTheNextOne() {
    try (House house = new House(server.config("h"))) {
      house.awaitUp("h");
      server.sessions.clear();

      List<CompletableFuture<ToolReply>> calls =
          IntStream.range(0, 50)
              .mapToObj(_ -> house.begin("h__echo", new Recorder(false)))
              .toList();

      assertThat(calls).allMatch(call -> House.get(call).outcome() instanceof Completed);
      assertThat(server.executed).hasValue(50);
      assertThat(server.count("initialize")).isEqualTo(2);
    }
  }

  @Test
  void aDefinitionThatStrictClientsRefuseIsMendedOrTheyWouldRefuseTheList() {
    server.tools =
        "[{\"name\":\"bad\",\"title\":null,\"description\":7,\"outputSchema\":[],\"vendor\":null,"
            + "\"annotations\":{\"readOnlyHint\":\"yes\",\"x\":1}},"
            + "{\"name\":\"good\",\"inputSchema\":{\"type\":\"object\",\"x\":1},\"execution\":{}}]";
    try (House house = new House(server.config("h"))) {
      house.awaitUp("h");
      Map<String, Object> bad = house.connectors.find("h__bad").orElseThrow().definition();
      assertThat(bad).containsOnlyKeys("name", "vendor", "annotations", "inputSchema");
      assertThat(bad).containsEntry("annotations", Map.of("x", 1));
      assertThat(bad).containsEntry("inputSchema", Map.of("type", "object"));
      assertThat(house.connectors.find("h__good").orElseThrow().definition().toString())
          .isEqualTo("{name=h__good, inputSchema={type=object, x=1}, execution={}}");
    }
  }

  @Test
  void aSessionThatIsLostAgainFailsTheCallWithoutExecution() {
    try (House house = new House(server.config("h"))) {
      house.awaitUp("h");
      server.intercept =
          request -> {
            boolean call = server.seen.getLast().body().contains("tools/call");
            if (call) {
              request.response().setStatusCode(404).end();
            }
            return call;
          };

      ToolReply reply = house.call("h__echo");

      assertThat(reply.outcome()).isInstanceOf(Failed.class);
      assertThat(server.count("tools/call")).isEqualTo(2);
    }
  }

  @Test
  void indeterminateWhenThePeerDiesAfterSend() {
    server.call = (request, _) -> request.connection().close();
    try (House house = new House(server.config("h"))) {
      house.awaitUp("h");
      ToolReply reply = house.call("h__echo");
      assertThat(reply.outcome()).isInstanceOf(Indeterminate.class);
      assertThat(reply.result().toString()).contains("UNKNOWN", "may have taken effect");
      assertThat(server.executed).as("never sent twice").hasValue(1);
    }
  }

  @Test
  void indeterminateAtTheDeadlineAndTheServerIsTold() {
    server.call = (_, _) -> {};
    try (House house = new House(server.config("h"))) {
      house.awaitUp("h");
      ToolReply reply =
          House.get(house.begin("h__echo", new Recorder(false), Duration.ofMillis(200)));
      assertThat(reply.outcome()).isInstanceOf(Indeterminate.class);
      await().atMost(House.PATIENCE).until(() -> server.count("notifications/cancelled") == 1);
    }
  }

  @Test
  void cancellingTellsTheServer() {
    server.call = (_, _) -> {};
    try (House house = new House(server.config("h"))) {
      house.awaitUp("h");
      Recorder recorder = new Recorder(false);
      CompletableFuture<ToolReply> running = house.begin("h__echo", recorder);
      await().atMost(House.PATIENCE).until(() -> server.executed.get() == 1);
      recorder.cancel.complete("enough");
      assertThat(House.get(running).outcome()).isInstanceOf(Indeterminate.class);
      await().atMost(House.PATIENCE).until(() -> server.count("notifications/cancelled") == 1);
    }
  }

  @Test
  void redirectsAreNotFollowed() {
    server.call =
        (request, _) ->
            request
                .response()
                .setStatusCode(307)
                .putHeader("Location", "http://127.0.0.1:1/elsewhere")
                .end();
    try (House house = new House(server.config("h"))) {
      house.awaitUp("h");
      Outcome outcome = house.call("h__echo").outcome();
      assertThat(outcome).isInstanceOf(Failed.class);
      assertThat(((Failed) outcome).message()).contains("307", "redirects are not followed");
    }
  }

  @Test
  void statusTellsNotExecutedFromUnknown() {
    try (House house = new House(server.config("h"))) {
      house.awaitUp("h");
      for (int status : new int[] {400, 401, 403, 413, 429}) {
        server.call = (request, _) -> request.response().setStatusCode(status).end("<html>");
        assertThat(house.call("h__echo").outcome())
            .as("HTTP %d", status)
            .isInstanceOf(Failed.class);
      }
      for (int status : new int[] {500, 502, 503, 504}) {
        server.call = (request, _) -> request.response().setStatusCode(status).end("<html>");
        assertThat(house.call("h__echo").outcome())
            .as("HTTP %d", status)
            .isInstanceOf(Indeterminate.class);
      }
    }
  }

  @Test
  void anAnswerToAnotherRequestIsNotTaken() {
    try (House house = new House(server.config("h"))) {
      house.awaitUp("h");
      List<Runnable> held = new CopyOnWriteArrayList<>();
      server.call =
          (request, id) ->
              held.add(
                  () ->
                      HttpServerScript.json(
                          request, HttpServerScript.result(id, "{\"content\":[],\"mine\":true}")));
      CompletableFuture<ToolReply> first = house.begin("h__echo", new Recorder(false));
      await().atMost(House.PATIENCE).until(() -> held.size() == 1);
      long firstId = server.count("initialize") + server.count("tools/list") + 1;
      server.call =
          (request, _) ->
              HttpServerScript.json(
                  request, HttpServerScript.result(firstId, "{\"content\":[],\"forged\":true}"));

      assertThat(house.call("h__echo").outcome()).isInstanceOf(Indeterminate.class);
      assertThat(first).isNotDone();
      held.forEach(Runnable::run);
      assertThat(House.get(first).result()).containsEntry("mine", true);
    }
  }

  @Test
  void aRestartedServerIsFoundAgain() {
    try (House house = new House(server.config("h"))) {
      house.awaitUp("h");
      server.stop();
      await()
          .atMost(House.PATIENCE)
          .untilAsserted(
              () ->
                  assertThat(house.connector("h").health().state())
                      .isEqualTo(ConnectorHealth.State.DOWN));
      server.restart();
      house.awaitUp("h");
      assertThat(house.call("h__echo").outcome()).isInstanceOf(Completed.class);
    }
  }

  @Test
  void failedWhenTheServerCannotBeReached() {
    server.offersStream = false;
    try (House house = new House(server.config("h"))) {
      house.awaitUp("h");
      List<ExecutionGrant> grants = new ArrayList<>();
      for (int i = 0; i < 3; i++) {
        grants.add(house.grant("h__echo", Map.of(), House.PATIENCE));
      }
      var connector = house.connector("h");
      server.stop();
      // Until the client has seen that a kept connection closed, a call may still be written to it.
      ToolReply reply =
          grants.stream()
              .map(grant -> connector.execute(grant, new Recorder(false)).toCompletableFuture())
              .map(House::get)
              .dropWhile(answer -> answer.outcome() instanceof Indeterminate)
              .findFirst()
              .orElseThrow();
      assertThat(reply.outcome()).isInstanceOf(Failed.class);
      assertThat(((Failed) reply.outcome()).kind()).isEqualTo("connector_down");
      assertThat(reply.result().toString()).contains("NOT EXECUTED");
      house.awaitState("h", ConnectorHealth.State.DOWN);
    }
  }

  @Test
  void aChangeOnTheStreamRefreshesTheList() {
    try (House house = new House(server.config("h"))) {
      house.awaitUp("h");
      await().atMost(House.PATIENCE).until(() -> server.streams.size() == 1);
      server.tools = "[{\"name\":\"fresh\"}]";
      server.tell("{\"jsonrpc\":\"2.0\",\"method\":\"notifications/tools/list_changed\"}");
      await().atMost(House.PATIENCE).until(() -> house.names().equals(List.of("h__fresh")));
    }
  }

  @Test
  void anEndedStreamIsOpenedAgainAndTheListRead() {
    try (House house = new House(server.config("h"))) {
      house.awaitUp("h");
      await().atMost(House.PATIENCE).until(() -> server.streams.size() == 1);
      server.tools = "[{\"name\":\"fresh\"}]";
      server.streams.forEach(HttpServerResponse::end);
      await().atMost(House.PATIENCE).until(() -> house.names().equals(List.of("h__fresh")));
      assertThat(server.streams).hasSize(2);
    }
  }

  @Test
  void anIdleServerThatNoLongerAnswersPingsIsDown() {
    UpstreamTimeouts quick = House.quick();
    UpstreamTimeouts pinging =
        new UpstreamTimeouts(
            quick.connect(),
            quick.initialize(),
            quick.probe(),
            quick.call(),
            Duration.ofMillis(100),
            Duration.ofMillis(100),
            quick.close(),
            quick.drain(),
            quick.absence(),
            quick.reconnectMin(),
            quick.reconnectMax());
    try (House house = new House(server.config("h").with(pinging))) {
      house.awaitUp("h");
      await().atMost(House.PATIENCE).until(() -> server.count("ping") >= 2);
      assertThat(house.connector("h").health().state()).isEqualTo(ConnectorHealth.State.UP);
      server.intercept = _ -> true;
      house.awaitState("h", ConnectorHealth.State.DOWN);
    }
  }

  private static String event(String data) {
    return "event: message\ndata: " + data + "\n\n";
  }
}
