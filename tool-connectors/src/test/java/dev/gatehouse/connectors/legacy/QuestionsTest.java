package dev.gatehouse.connectors.legacy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.gatehouse.connectors.config.FlowLimits;
import dev.gatehouse.connectors.config.UpstreamLimits;
import dev.gatehouse.connectors.house.House;
import dev.gatehouse.connectors.house.HttpServerScript;
import dev.gatehouse.connectors.house.Recorder;
import dev.gatehouse.connectors.house.Scripted;
import dev.gatehouse.core.call.Principal;
import dev.gatehouse.core.outcome.Outcome;
import dev.gatehouse.core.tool.ClientRequest;
import dev.gatehouse.core.tool.ToolReply;
import dev.gatehouse.testkit.GateFixture;
import io.vertx.core.http.HttpServerResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whom a legacy upstream's questions reach, and how they are answered. */
class QuestionsTest {

  private static final Principal OTHER =
      new Principal(GateFixture.PRINCIPAL.agent(), "another1234");
  private static final Map<String, Object> ACCEPT =
      Map.of("action", "accept", "content", Map.of("name", "Ada"));

  @TempDir Path folder;
  private final HttpServerScript server = new HttpServerScript();

  /** Open answers of calls, by the id of the call. */
  private final Map<Object, HttpServerResponse> calls = new ConcurrentHashMap<>();

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void overStdioAQuestionGoesToTheOnlyCallThatRuns() {
    Scripted child = new Scripted(folder, "s");
    try (House house = new House(child.config("s", "plain"))) {
      house.awaitUp("s");
      assertThat(child.received())
          .contains("\"elicitation\"", "\"form\"", "\"url\"", "\"sampling\"", "\"roots\"");
      Recorder recorder = Recorder.answering(ACCEPT);

      ToolReply reply = House.get(house.begin("s__question", recorder));

      assertThat(reply.result().toString()).contains("answered");
      assertThat(recorder.asked)
          .containsExactly(new ClientRequest("elicitation/create", Map.of("message", "who?")));
      assertThat(child.received())
          .containsPattern("\"id\":\"e1\",\"result\":\\{.*\"content\":\\{\"name\":\"Ada\"");
    }
  }

  @Test
  void overStdioAQuestionIsRefusedWhileTwoCallsRun() {
    Scripted child = new Scripted(folder, "s");
    try (House house = new House(child.config("s", "plain"))) {
      house.awaitUp("s");
      Recorder bystander = Recorder.answering(ACCEPT);
      Recorder asker = Recorder.answering(ACCEPT);
      CompletableFuture<ToolReply> slow = house.begin("s__slow", bystander);
      House.get(house.begin("s__question", asker));
      assertThat(child.received()).contains("-32600", "2 calls run in this session");
      assertThat(bystander.asked).isEmpty();
      assertThat(asker.asked).isEmpty();
      assertThat(slow).isNotDone();
    }
  }

  @Test
  void overStdioAGivenUpCallOfAnotherPrincipalMakesQuestionsUnsafe() {
    Scripted child = new Scripted(folder, "s");
    try (House house = new House(child.config("s", "plain"))) {
      house.awaitUp("s");
      Duration moment = Duration.ofMillis(100);
      House.get(house.begin(GateFixture.PRINCIPAL, "s__slow", new Recorder(false), moment));
      // Its caller may be told a moment before the session has given it up.
      await()
          .atMost(House.PATIENCE)
          .until(() -> child.received().contains("notifications/cancelled"));

      Recorder same = Recorder.answering(ACCEPT);
      House.get(house.begin(GateFixture.PRINCIPAL, "s__question", same, House.PATIENCE));
      assertThat(same.asked).hasSize(1);

      Recorder other = Recorder.answering(ACCEPT);
      House.get(house.begin(OTHER, "s__question", other, House.PATIENCE));
      assertThat(other.asked).isEmpty();
      assertThat(child.received()).contains("one that was given up");
    }
  }

  @Test
  void overHttpEachCallGetsItsOwnQuestion() {
    asking(
        "{\"jsonrpc\":\"2.0\",\"id\":\"q-%s\",\"method\":\"sampling/createMessage\",\"params\":"
            + "{\"includeContext\":\"allServers\",\"maxTokens\":%s,\"_meta\":{\"progressToken\":1}}}");
    try (House house = new House(server.config("h"))) {
      house.awaitUp("h");
      Recorder one = Recorder.answering(Map.of("role", "assistant", "who", "one"));
      Recorder two = Recorder.answering(Map.of("role", "assistant", "who", "two"));
      CompletableFuture<ToolReply> first =
          house.begin(GateFixture.PRINCIPAL, "h__echo", one, House.PATIENCE);
      await().atMost(House.PATIENCE).until(() -> calls.size() == 1);
      Object firstId = calls.keySet().iterator().next();
      CompletableFuture<ToolReply> second = house.begin(OTHER, "h__echo", two, House.PATIENCE);

      assertThat(House.get(first).result())
          .containsEntry("answer", Map.of("role", "assistant", "who", "one"));
      assertThat(House.get(second).result())
          .containsEntry("answer", Map.of("role", "assistant", "who", "two"));
      assertThat(one.asked)
          .as("without the progress token, and without a wish for what other servers said")
          .containsExactly(
              new ClientRequest("sampling/createMessage", Map.of("maxTokens", firstId)));
      assertThat(two.asked).hasSize(1);
    }
  }

  @Test
  void aQuestionOutsideOfAnyCallIsRefused() {
    try (House house = new House(server.config("h"))) {
      house.awaitUp("h");
      await().atMost(House.PATIENCE).until(() -> server.streams.size() == 1);
      server.tell("{\"jsonrpc\":\"2.0\",\"id\":\"q\",\"method\":\"roots/list\"}");
      await().atMost(House.PATIENCE).until(() -> server.count("error") == 1);
      assertThat(server.seen.getLast().body()).contains("-32600", "0 calls run");
    }
  }

  @Test
  void questionsAreTakenUpToTheirLimitAndFreedWithTheirCall() {
    String question = "{\"jsonrpc\":\"2.0\",\"id\":%s,\"method\":\"roots/list\"}";
    server.call =
        (request, id) -> {
          HttpServerResponse events = HttpServerScript.events(request);
          calls.put(id, events);
          events.write(event(question.formatted(100)) + event(question.formatted(101)));
        };
    UpstreamLimits one =
        new UpstreamLimits(1 << 20, 1 << 20, 10, 10, 10, 10, 8, 1, 1, FlowLimits.DEFAULTS);
    try (House house = new House(server.config("h").with(one))) {
      house.awaitUp("h");
      for (int round = 1; round <= 2; round++) {
        Recorder silent = new Recorder(false);
        silent.answer = _ -> new CompletableFuture<>();
        CompletableFuture<ToolReply> call = house.begin("h__echo", silent);
        int refused = round;
        await().atMost(House.PATIENCE).until(() -> refusals() == refused);
        assertThat(silent.asked).hasSize(1);
        silent.cancel.complete("enough");
        assertThat(House.get(call).outcome()).isInstanceOf(Outcome.Indeterminate.class);
      }
    }
  }

  @Test
  void aQuestionThatWasTakenBackIsNotAnswered() {
    asking("{\"jsonrpc\":\"2.0\",\"id\":\"q-%s\",\"method\":\"roots/list\"}");
    try (House house = new House(server.config("h"))) {
      house.awaitUp("h");
      Recorder recorder = new Recorder(false);
      CompletableFuture<Map<String, Object>> answers = new CompletableFuture<>();
      recorder.answer = _ -> answers;
      CompletableFuture<ToolReply> call = house.begin("h__echo", recorder);
      await().atMost(House.PATIENCE).until(() -> recorder.asked.size() == 1);
      Object id = calls.keySet().iterator().next();
      HttpServerResponse events = calls.values().iterator().next();
      events.write(
          event(
              "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/cancelled\",\"params\":{\"requestId\":\"q-"
                  + id
                  + "\"}}"));
      events.write(
          event(
              "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/message\",\"params\":{\"level\":\"info\"}}"));
      await().atMost(House.PATIENCE).until(() -> recorder.messages.size() == 1);
      int before = server.seen.size();
      answers.complete(Map.of("question", Map.of("roots", List.of())));
      events.end(event(HttpServerScript.result(id, "{\"content\":[]}")));
      House.get(call);
      assertThat(server.seen).hasSize(before);
    }
  }

  @Test
  void callerThatWasSentToAUrlHearsWhenThatIsDoneEvenAfterItsCall() {
    asking(
        "{\"jsonrpc\":\"2.0\",\"id\":\"q-%s\",\"method\":\"elicitation/create\",\"params\":"
            + "{\"mode\":\"url\",\"elicitationId\":\"e-%s\",\"url\":\"https://x.example\"}}");
    try (House house = new House(server.config("h"))) {
      house.awaitUp("h");
      await().atMost(House.PATIENCE).until(() -> server.streams.size() == 1);
      Recorder one = Recorder.answering(ACCEPT);
      House.get(house.begin(GateFixture.PRINCIPAL, "h__echo", one, House.PATIENCE));
      Object first = calls.keySet().iterator().next();
      Recorder two = Recorder.answering(ACCEPT);
      House.get(house.begin(OTHER, "h__echo", two, House.PATIENCE));

      for (String id : List.of("e-" + first, "e-unknown", "e-" + first)) {
        server.tell(
            "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/elicitation/complete\","
                + "\"params\":{\"elicitationId\":\"%s\"}}".formatted(id));
      }

      await().atMost(House.PATIENCE).until(() -> !one.elicited.isEmpty());
      assertThat(one.elicited).containsExactly("e-" + first);
      assertThat(two.elicited).isEmpty();
    }
  }

  /** Has each call ask first; it ends with the answer to its question. */
  private void asking(String question) {
    server.call =
        (request, id) -> {
          HttpServerResponse events = HttpServerScript.events(request);
          calls.put(id, events);
          events.write(event(question.replace("%s", String.valueOf(id))));
        };
    server.intercept =
        request -> {
          String body = server.seen.getLast().body();
          if (!body.contains("\"id\":\"q-")) {
            return false;
          }
          String id = body.replaceAll(".*\"q-(\\d+)\".*", "$1");
          String answer = body.replaceAll(".*\"result\":(.*)}$", "$1");
          Objects.requireNonNull(calls.get(Integer.valueOf(id)))
              .end(
                  event(HttpServerScript.result(id, "{\"content\":[],\"answer\":" + answer + "}")));
          request.response().setStatusCode(202).end();
          return true;
        };
  }

  private long refusals() {
    return server.seen.stream().filter(one -> one.body().contains("questionsMax")).count();
  }

  private static String event(String data) {
    return "event: message\ndata: " + data + "\n\n";
  }
}
