package dev.gatehouse.mcp;

import static dev.gatehouse.core.call.OperationType.READ;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gatehouse.core.tool.ToolReply;
import dev.gatehouse.mcp.config.McpTimes;
import dev.gatehouse.mcp.config.McpWaiting;
import dev.gatehouse.testkit.GateFixture;
import dev.gatehouse.testkit.ScriptedConnector;
import java.net.http.HttpRequest;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Calls that go on as tasks. */
class TasksTest {

  private final TestServer server = new TestServer();
  private final CompletableFuture<ToolReply> work = new CompletableFuture<>();

  @BeforeEach
  void addTools() {
    server.tools.tool(
        "long",
        READ,
        (_, listener) -> {
          listener.takesLong();
          var _ =
              listener
                  .cancelled()
                  .thenAccept(why -> work.complete(ScriptedConnector.indeterminate(why)));
          return work;
        });
  }

  @AfterEach
  void close() {
    server.close();
  }

  @Test
  void taskIsNotMadeBeforeItsIntentIsDurable() throws Exception {
    server.gate.audit.hold();
    var reply = server.sendAsync(server.callAsTask("long", "{}"));
    await().until(() -> server.tools.executed().size() == 1);
    assertThat(reply).isNotDone();
    server.gate.audit.release();
    assertThat(reply.get().body()).contains("\"resultType\":\"task\"");
  }

  @Test
  void clientThatTakesNoTasksWaitsOn() throws Exception {
    var reply = server.sendAsync(server.call("long", "{}"));
    await().until(() -> server.tools.executed().size() == 1);
    work.complete(ScriptedConnector.completed("done"));
    assertThat(reply.get().body()).contains("done", "\"resultType\":\"complete\"");
  }

  @Test
  void otherAgentsAndClientsWithoutTheExtensionDoNotSeeIt() throws Exception {
    String id = task();
    for (String method : new String[] {"tasks/get", "tasks/update", "tasks/cancel"}) {
      String more = method.equals("tasks/update") ? "\"inputResponses\":{}" : "";
      JsonNode theirs =
          server.json(
              server
                  .taskRequest(method, id, more)
                  .setHeader("Authorization", "Bearer " + GateFixture.OTHER_KEY));
      JsonNode none = server.json(server.taskRequest(method, "no-such-task", more));
      assertThat(theirs.get("error")).isEqualTo(none.get("error"));
      assertThat(theirs.at("/error/code").asInt()).isEqualTo(-32602);
      var undeclared =
          server.send(server.capable(method, id, "\"taskId\":\"" + id + "\"", "{\"sampling\":{}}"));
      assertThat(undeclared.statusCode()).isEqualTo(400);
      assertThat(undeclared.body()).contains("-32021", "io.modelcontextprotocol/tasks");
    }
    assertThat(get(id).get("status").asText()).isEqualTo("working");
  }

  @Test
  void cancelledTaskThatCameToNothingIsCancelledAndOneThatWasDoneShowsIt() throws Exception {
    String ended = task();
    assertThat(server.send(server.taskRequest("tasks/cancel", ended, "")).statusCode())
        .isEqualTo(200);
    await().until(() -> get(ended).get("status").asText().equals("cancelled"));
    assertThat(get(ended).has("result")).isFalse();

    CompletableFuture<ToolReply> deaf = new CompletableFuture<>();
    server.tools.tool(
        "deaf",
        READ,
        (_, listener) -> {
          listener.takesLong();
          return deaf;
        });
    String done = server.json(server.callAsTask("deaf", "{}")).at("/result/taskId").asText();
    server.send(server.taskRequest("tasks/cancel", done, ""));
    deaf.complete(ScriptedConnector.completed("was done"));
    await().until(() -> get(done).get("status").asText().equals("completed"));
    assertThat(get(done).at("/result/content/0/text").asText()).isEqualTo("was done");
  }

  @Test
  void callThatBeganToTakeLongWhileItsClientWasAwayIsATaskWhenItComesBack() throws Exception {
    server.tools.tool(
        "asks",
        READ,
        (_, listener) -> {
          var told = listener.ask(AskingTest.form("who", "name"));
          listener.takesLong();
          return told.thenCombine(work, (_, reply) -> reply);
        });
    JsonNode asked = server.json(server.callAsTask("asks", "{}")).get("result");
    assertThat(asked.get("resultType").asText()).isEqualTo("input_required");

    JsonNode task =
        server
            .json(
                server.capable(
                    "tools/call",
                    "asks",
                    "\"name\":\"asks\",\"arguments\":{}"
                        + TwoAgents.answer(asked.get("requestState").asText(), "Ann"),
                    TestServer.TASKS))
            .get("result");
    assertThat(task.get("resultType").asText()).isEqualTo("task");
    work.complete(ScriptedConnector.completed("done"));
    String id = task.get("taskId").asText();
    await().until(() -> get(id).get("status").asText().equals("completed"));
  }

  @Test
  void taskIsForgottenWhenItsTimeIsOverAndItsCallCancelled() throws Exception {
    String id = task();
    assertThat(id).hasSize(41);
    server.timers.advance(McpWaiting.DEFAULT.taskTtl().minusMillis(1));
    assertThat(get(id).get("taskId").asText()).isEqualTo(id);
    server.timers.advance(Duration.ofMillis(1));
    assertThat(server.json(server.taskRequest("tasks/get", id, "")).at("/error/code").asInt())
        .isEqualTo(-32602);
    await().until(work::isDone);
  }

  @Test
  void tasksOfAnAgentAreBoundedAndFurtherCallsWaitOn() throws Exception {
    for (int i = 0; i < McpWaiting.DEFAULT.tasksPerAgentMax(); i++) {
      task();
    }
    var waits = server.sendAsync(server.callAsTask("long", "{}"));
    await().until(() -> server.tools.executed().size() == 65);
    work.complete(ScriptedConnector.completed("done"));
    assertThat(waits.get().body()).contains("\"resultType\":\"complete\"", "done");
  }

  @Test
  void callThatTakesLongerThanItsBudgetBecomesATask() throws Exception {
    server.tools.tool("slow", READ, (_, _) -> work);
    var reply = server.sendAsync(server.callAsTask("slow", "{}"));
    Duration budget = McpTimes.DEFAULT.callBudget();
    await().until(() -> server.timers.waiting(budget) == 1);
    server.timers.advance(budget);
    String made = reply.get().body(); // a stream of events, since it was silent for long
    assertThat(made).contains("\"resultType\":\"task\"");
    work.complete(ScriptedConnector.completed("done"));
    String id = made.replaceFirst("(?s).*\"taskId\":\"([^\"]+)\".*", "$1");
    await().until(() -> get(id).get("status").asText().equals("completed"));
  }

  @Test
  void questionsShowInTheTaskAndAnswersThatDoNotFitAreNamed() throws Exception {
    server.tools.tool(
        "asks",
        READ,
        (_, listener) -> {
          listener.takesLong();
          return listener
              .ask(AskingTest.form("who", "name"))
              .thenApply(answers -> ScriptedConnector.completed("told " + answers));
        });
    JsonNode made = server.json(server.callAsTask("asks", "{}")).get("result");
    assertThat(made.has("inputRequests")).isFalse();
    String id = made.get("taskId").asText();
    JsonNode asking = get(id);
    assertThat(asking.get("status").asText()).isEqualTo("input_required");
    assertThat(asking.at("/inputRequests/who/method").asText()).isEqualTo("elicitation/create");
    JsonNode unfit =
        server.json(
            server.taskRequest("tasks/update", id, "\"inputResponses\":{\"who\":5,\"x\":{}}"));
    assertThat(unfit.at("/error/message").asText()).endsWith(": who");
    String answer = "{\"action\":\"accept\",\"content\":{\"name\":\"Ada\"}}";
    server.send(
        server.taskRequest("tasks/update", id, "\"inputResponses\":{\"who\":" + answer + "}"));
    await().until(() -> get(id).get("status").asText().equals("completed"));
    assertThat(get(id).at("/result/content/0/text").asText()).contains("Ada");
  }

  @Test
  void changesAreToldToWhoListensForThatTask() throws Exception {
    String id = task();
    HttpRequest.Builder listen =
        server.capable(
            "subscriptions/listen",
            "",
            "\"notifications\":{\"taskIds\":[\"" + id + "\",\"other\"]}",
            TestServer.TASKS);
    try (TestServer.Events events = server.events(listen)) {
      assertThat(events.next().at("/params/notifications/taskIds")).hasToString("[\"" + id + "\"]");
      work.complete(ScriptedConnector.completed("done"));
      JsonNode told = events.next();
      assertThat(told.get("method").asText()).isEqualTo("notifications/tasks");
      assertThat(told.at("/params/status").asText()).isEqualTo("completed");
      assertThat(told.at("/params/result/content/0/text").asText()).isEqualTo("done");
      assertThat(told.at("/params/_meta/io.modelcontextprotocol~1subscriptionId").asInt())
          .isEqualTo(1);
    }
    assertThat(
            server
                .send(
                    server.capable(
                        "subscriptions/listen",
                        "",
                        "\"notifications\":{\"taskIds\":[]}",
                        "{\"sampling\":{}}"))
                .body())
        .contains("-32021");
  }

  private String task() throws Exception {
    return server.json(server.callAsTask("long", "{}")).at("/result/taskId").asText();
  }

  private JsonNode get(String id) throws Exception {
    return server.json(server.taskRequest("tasks/get", id, "")).get("result");
  }
}
