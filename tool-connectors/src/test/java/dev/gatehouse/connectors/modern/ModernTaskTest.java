package dev.gatehouse.connectors.modern;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.gatehouse.connectors.house.House;
import dev.gatehouse.connectors.house.ModernServerScript;
import dev.gatehouse.connectors.house.Recorder;
import dev.gatehouse.connectors.json.Json;
import dev.gatehouse.core.outcome.Outcome;
import dev.gatehouse.core.outcome.Outcome.Completed;
import dev.gatehouse.core.outcome.Outcome.Indeterminate;
import dev.gatehouse.core.tool.ToolReply;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Calls of which a modern server makes tasks: polled, told of, cancelled, outlasted. */
class ModernTaskTest {

  private final ModernServerScript server = new ModernServerScript();

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void aTaskIsPolledItsQuestionAnsweredOnceAndItsResultGiven() {
    server.answers.put("tools/call", (request, one) -> task(request, one, "task", "working", ""));
    server.answers.put(
        "tasks/get",
        (request, one) -> {
          int polls = server.seen("tasks/get").size();
          String question =
              ",\"inputRequests\":{\"sure\":{\"method\":\"elicitation/create\",\"params\":{}}}";
          switch (polls) {
            case 1 -> task(request, one, "complete", "working", "");
            case 2, 3 -> task(request, one, "complete", "input_required", question);
            default ->
                task(request, one, "complete", "completed", ",\"result\":{\"content\":[],\"n\":7}");
          }
        });
    server.answers.put(
        "tasks/update", (request, one) -> ModernServerScript.result(request, one, "\"_meta\":{}"));
    try (House house = new House(server.config("m"))) {
      house.awaitUp("m");
      Recorder recorder = Recorder.answering(Map.of("action", "decline"));

      ToolReply reply = House.get(house.begin("m__echo", recorder));

      assertThat(reply.result()).containsEntry("n", 7);
      assertThat(recorder.longCalls).hasValue(1);
      assertThat(recorder.asked).hasSize(1);
      assertThat(server.seen("tasks/update"))
          .singleElement()
          .satisfies(
              update -> {
                assertThat(update.headers()).containsEntry("mcp-name", "t1");
                assertThat(update.params())
                    .containsEntry("inputResponses", Map.of("sure", Map.of("action", "decline")));
              });
    }
  }

  @Test
  void cancellingACallCancelsItsTask() {
    neverEndingTask();
    try (House house = new House(server.config("m"))) {
      house.awaitUp("m");
      Recorder recorder = new Recorder(false);
      var running = house.begin("m__echo", recorder);
      await().atMost(House.PATIENCE).until(() -> !server.seen("tasks/get").isEmpty());
      recorder.cancel.complete("enough");
      assertThat(House.get(running).outcome()).isInstanceOf(Indeterminate.class);
      await().atMost(House.PATIENCE).until(() -> server.seen("tasks/cancel").size() == 1);
      assertThat(server.seen("notifications/cancelled")).isEmpty();
    }
  }

  @Test
  void indeterminateWhenATaskOutlastsTheDeadline() {
    neverEndingTask();
    try (House house = new House(server.config("m"))) {
      house.awaitUp("m");
      Outcome outcome =
          House.get(house.begin("m__echo", new Recorder(false), Duration.ofMillis(400))).outcome();
      assertThat(outcome).isInstanceOf(Indeterminate.class);
      assertThat(((Indeterminate) outcome).reason()).contains("task did not end within");
      await().atMost(House.PATIENCE).until(() -> server.seen("tasks/cancel").size() == 1);
    }
  }

  @Test
  void aTaskOutlivesTheSessionInWhichItBegan() {
    server.answers.put("tools/call", (request, one) -> task(request, one, "task", "working", ""));
    server.answers.put(
        "tasks/get",
        (request, one) -> {
          if (server.seen("tasks/get").size() == 1) {
            request.connection().close();
          } else {
            task(request, one, "complete", "completed", ",\"result\":{\"content\":[]}");
          }
        });
    try (House house = new House(server.config("m"))) {
      house.awaitUp("m");
      assertThat(house.call("m__echo").outcome()).isInstanceOf(Completed.class);
    }
  }

  @Test
  void aTaskThatTheServerTellsOfEndsWithWhatItTells() {
    neverEndingTask();
    server.tellsOfTasks = true;
    try (House house = new House(server.config("m"))) {
      house.awaitUp("m");
      var running = house.begin("m__echo", new Recorder(false));
      awaitTold();

      server.tell(
          "notifications/tasks", state("t1", "completed", ",\"result\":{\"content\":[],\"n\":8}"));

      assertThat(House.get(running).result()).containsEntry("n", 8);
    }
  }

  @Test
  void aQuestionThatTheServerTellsOfIsAnsweredOnce() {
    neverEndingTask();
    server.tellsOfTasks = true;
    server.answers.put(
        "tasks/update", (request, one) -> ModernServerScript.result(request, one, "\"_meta\":{}"));
    try (House house = new House(server.config("m"))) {
      house.awaitUp("m");
      Recorder recorder = Recorder.answering(Map.of("action", "decline"));
      var running = house.begin("m__echo", recorder);
      awaitTold();

      String question =
          ",\"inputRequests\":{\"sure\":{\"method\":\"elicitation/create\",\"params\":{}}}";
      server.tell("notifications/tasks", state("t1", "input_required", question));
      server.tell("notifications/tasks", state("t1", "input_required", question));
      await().atMost(House.PATIENCE).until(() -> server.seen("tasks/update").size() == 1);
      server.tell("notifications/tasks", state("t1", "completed", ",\"result\":{\"content\":[]}"));

      assertThat(House.get(running).outcome()).isInstanceOf(Completed.class);
      assertThat(recorder.asked).hasSize(1);
    }
  }

  @Test
  void whatIsToldOfAnotherTaskChangesNothing() {
    neverEndingTask();
    server.tellsOfTasks = true;
    try (House house = new House(server.config("m"))) {
      house.awaitUp("m");
      var running = house.begin("m__echo", new Recorder(false));
      awaitTold();

      server.tell(
          "notifications/tasks", state("t2", "completed", ",\"result\":{\"content\":[],\"n\":1}"));
      server.tell(
          "notifications/tasks", state("t1", "completed", ",\"result\":{\"content\":[],\"n\":2}"));

      assertThat(House.get(running).result()).containsEntry("n", 2);
    }
  }

  @Test
  void aTaskIsLookedAtWhenTheStreamThatToldOfItBroke() {
    server.answers.put("tools/call", (request, one) -> task(request, one, "task", "working", ""));
    server.answers.put(
        "tasks/get",
        (request, one) -> {
          String status = requestsToTell() < 2 ? "working" : "completed";
          task(request, one, "complete", status, ",\"result\":{\"content\":[],\"n\":9}");
        });
    server.tellsOfTasks = true;
    try (House house = new House(server.config("m"))) {
      house.awaitUp("m");
      var running = house.begin("m__echo", new Recorder(false));
      awaitTold();

      server.dropStreams();

      assertThat(House.get(running).result()).containsEntry("n", 9);
    }
  }

  @Test
  void theStreamOfTasksEndsWithTheLastOfThem() {
    neverEndingTask();
    server.tellsOfTasks = true;
    try (House house = new House(server.config("m"))) {
      house.awaitUp("m");
      Recorder recorder = new Recorder(false);
      var running = house.begin("m__echo", recorder);
      awaitTold();

      recorder.cancel.complete("enough");

      House.get(running);
      await().atMost(House.PATIENCE).until(() -> server.listening.size() == 1);
    }
  }

  @Test
  void aServerThatDoesNotTellOfTasksIsAskedToOnce() {
    AtomicBoolean done = new AtomicBoolean();
    server.answers.put("tools/call", (request, one) -> task(request, one, "task", "working", ""));
    server.answers.put(
        "tasks/get",
        (request, one) -> {
          String status = done.get() ? "completed" : "working";
          task(request, one, "complete", status, ",\"result\":{\"content\":[]}");
        });
    try (House house = new House(server.config("m"))) {
      house.awaitUp("m");
      var first = house.begin("m__echo", new Recorder(false));
      await()
          .atMost(House.PATIENCE)
          .until(() -> server.consents.get() == 2 && server.listening.size() == 1);
      done.set(true);
      House.get(first);
      house.call("m__echo");

      assertThat(requestsToTell()).isEqualTo(1);
    }
  }

  private long requestsToTell() {
    return server.seen("subscriptions/listen").stream()
        .filter(one -> Json.object(one.params(), "notifications").containsKey("taskIds"))
        .count();
  }

  /** Until the server has agreed to tell. */
  private void awaitTold() {
    await().atMost(House.PATIENCE).until(() -> server.listening.size() == 2);
  }

  private static String state(String id, String status, String more) {
    return ",\"taskId\":\"" + id + "\",\"status\":\"" + status + "\",\"pollIntervalMs\":50" + more;
  }

  private void neverEndingTask() {
    server.answers.put("tools/call", (request, one) -> task(request, one, "task", "working", ""));
    server.answers.put(
        "tasks/get", (request, one) -> task(request, one, "complete", "working", ""));
    server.answers.put(
        "tasks/cancel", (request, one) -> ModernServerScript.result(request, one, "\"_meta\":{}"));
  }

  private static void task(
      io.vertx.core.http.HttpServerRequest request,
      ModernServerScript.Seen one,
      String resultType,
      String status,
      String more) {
    ModernServerScript.raw(
        request,
        one,
        "\"resultType\":\""
            + resultType
            + "\",\"taskId\":\"t1\",\"status\":\""
            + status
            + "\",\"createdAt\":\"2026-11-21T00:00:00Z\",\"lastUpdatedAt\":\"2026-11-21T00:00:00Z\","
            + "\"ttlMs\":null,\"pollIntervalMs\":50"
            + more);
  }
}
