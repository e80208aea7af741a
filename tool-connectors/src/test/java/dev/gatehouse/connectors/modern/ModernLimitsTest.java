package dev.gatehouse.connectors.modern;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.connectors.config.FlowLimits;
import dev.gatehouse.connectors.config.McpServerConfig;
import dev.gatehouse.connectors.config.UpstreamLimits;
import dev.gatehouse.connectors.house.House;
import dev.gatehouse.connectors.house.ModernServerScript;
import dev.gatehouse.connectors.house.Recorder;
import dev.gatehouse.core.outcome.Outcome.Completed;
import dev.gatehouse.core.outcome.Outcome.Indeterminate;
import dev.gatehouse.core.tool.ToolReply;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Where a conversation with a modern server ends that goes on and on. */
class ModernLimitsTest {

  private static final int ROUNDS = 2;
  private static final int REPEATS = 3;
  private static final int TASK_FAILURES = 2;
  private static final int QUESTIONS = 2;
  private static final UpstreamLimits LIMITS =
      new UpstreamLimits(
          1 << 20,
          1 << 20,
          10,
          10,
          10,
          10,
          8,
          QUESTIONS,
          10,
          new FlowLimits(ROUNDS, REPEATS, TASK_FAILURES, 1, 1, 1, 1_024, 1, 1, 1));

  private final ModernServerScript server = new ModernServerScript();

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void aServerMayAskSoOftenWithinOneCall() {
    server.answers.put("tools/call", (request, one) -> ask(request, one, ROUNDS, questions(1)));
    assertThat(call().result()).containsEntry("n", 1);

    server.answers.put("tools/call", (request, one) -> ask(request, one, 99, questions(1)));
    assertThat(call().result().toString()).contains("roundsMax (2)");
    assertThat(server.seen("tools/call")).hasSize(2 * (ROUNDS + 1));
  }

  @Test
  void aServerMayAskSoMuchAtOnce() {
    server.answers.put("tools/call", (request, one) -> ask(request, one, 1, questions(QUESTIONS)));
    assertThat(call().result()).containsEntry("n", 1);

    server.answers.put(
        "tools/call", (request, one) -> ask(request, one, 99, questions(QUESTIONS + 1)));
    assertThat(((Indeterminate) call().outcome()).reason()).contains("questionsMax is 2");
  }

  @Test
  void aServerMayHaveACallRepeatedSoOften() {
    server.answers.put("tools/call", (request, one) -> ask(request, one, REPEATS, ""));
    assertThat(call().result()).containsEntry("n", 1);

    server.answers.put("tools/call", (request, one) -> ask(request, one, 99, ""));
    assertThat(call().result().toString()).contains("repeatsMax (3)");
    assertThat(server.seen("tools/call")).hasSize(2 * (REPEATS + 1));
  }

  @Test
  void aTaskMayBeOutOfReachSoOftenInARow() {
    server.answers.put(
        "tools/call",
        (request, one) ->
            ModernServerScript.raw(
                request,
                one,
                "\"resultType\":\"task\",\"taskId\":\"t\",\"status\":\"working\",\"pollIntervalMs\":50"));
    server.answers.put("tasks/get", (request, one) -> looked(request, one, TASK_FAILURES - 1));
    assertThat(call().outcome()).isInstanceOf(Completed.class);

    server.seen.clear();
    server.answers.put("tasks/get", (request, one) -> looked(request, one, 99));
    assertThat(((Indeterminate) call().outcome()).reason()).contains("its task is out of reach");
    assertThat(server.seen("tasks/get")).hasSize(TASK_FAILURES);
  }

  /** Asks that often, and then answers. */
  private static void ask(
      io.vertx.core.http.HttpServerRequest request,
      ModernServerScript.Seen one,
      int times,
      String questions) {
    Object state = one.params().getOrDefault("requestState", "0");
    int asked = Integer.parseInt(state.toString());
    if (asked < times) {
      ModernServerScript.raw(
          request,
          one,
          "\"resultType\":\"input_required\",\"requestState\":\"" + (asked + 1) + "\"" + questions);
    } else {
      ModernServerScript.result(request, one, "\"content\":[],\"n\":1");
    }
  }

  private static String questions(int count) {
    return IntStream.range(0, count)
        .mapToObj(i -> "\"q" + i + "\":{\"method\":\"elicitation/create\",\"params\":{}}")
        .collect(Collectors.joining(",", ",\"inputRequests\":{", "}"));
  }

  /** Fails that often, and then says that the task is done. */
  private void looked(
      io.vertx.core.http.HttpServerRequest request, ModernServerScript.Seen one, int failures) {
    if (server.seen("tasks/get").size() <= failures) {
      request.response().setStatusCode(503).end();
    } else {
      ModernServerScript.raw(
          request,
          one,
          "\"resultType\":\"complete\",\"taskId\":\"t\",\"status\":\"completed\",\"result\":{\"content\":[]}");
    }
  }

  private ToolReply call() {
    McpServerConfig config = server.config("m").with(LIMITS);
    try (House house = new House(config)) {
      house.awaitUp("m");
      return House.get(house.begin("m__echo", Recorder.answering(Map.of("action", "accept"))));
    }
  }
}
