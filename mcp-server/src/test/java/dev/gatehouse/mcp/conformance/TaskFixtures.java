package dev.gatehouse.mcp.conformance;

import static dev.gatehouse.core.call.OperationType.READ;

import dev.gatehouse.core.tool.ClientRequest;
import dev.gatehouse.core.tool.ReplyError;
import dev.gatehouse.core.tool.ToolListener;
import dev.gatehouse.core.tool.ToolReply;
import dev.gatehouse.testkit.ScriptedConnector;
import io.vertx.core.Vertx;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** The suite's tools whose calls go on as tasks, and the one whose stream is resumed. */
final class TaskFixtures {

  private static final Map<String, Object> TASKS_NEEDED =
      Map.of("extensions", Map.of("io.modelcontextprotocol/tasks", Map.of()));

  private final ScriptedConnector tools;
  private final Vertx vertx;

  TaskFixtures(ScriptedConnector tools, Vertx vertx) {
    this.tools = tools;
    this.vertx = vertx;
  }

  void add() {
    tools.tool(
        "greet",
        READ,
        (call, _) ->
            CompletableFuture.completedStage(
                ScriptedConnector.completed("Hello, " + call.arguments().get("name") + "!")));
    tools.tool(
        "slow_compute",
        READ,
        (call, listener) -> {
          long millis =
              call.arguments().get("seconds") instanceof Number seconds
                  ? seconds.longValue() * 1000
                  : 1000;
          ToolReply computed = ScriptedConnector.completed("computed");
          return millis == 0
              ? CompletableFuture.completedStage(computed)
              : later(listener, millis, computed);
        });
    tools.tool(
        "failing_job",
        READ,
        (_, listener) ->
            takesTasks(listener)
                ? later(
                    listener,
                    1000,
                    ScriptedConnector.completed(
                        Map.of("content", List.of(Fixtures.text("it failed")), "isError", true)))
                : CompletableFuture.completedStage(
                    AskingFixtures.failed(
                        new ReplyError(
                            -32021,
                            "this job runs as a task only",
                            Map.of("requiredCapabilities", TASKS_NEEDED)))));
    tools.tool(
        "protocol_error_job",
        READ,
        (_, listener) ->
            later(
                listener,
                200,
                AskingFixtures.failed(new ReplyError(-32603, "the job crashed", null))));
    tools.tool("confirm_delete", READ, (_, listener) -> confirmed(listener, "confirm"));
    tools.tool("multi_input", READ, (_, listener) -> confirmed(listener, "first", "second"));
    tools.tool("test_tool_with_task", READ, (_, listener) -> namedThenTask(listener));
    tools.tool(
        "test_reconnection", READ, (_, _) -> after(3000, ScriptedConnector.completed("resumed")));
  }

  private static CompletionStage<ToolReply> confirmed(ToolListener listener, String... keys) {
    listener.takesLong();
    Map<String, ClientRequest> questions = new LinkedHashMap<>();
    for (String key : keys) {
      questions.put(key, AskingFixtures.form("Really?", "confirm", "boolean"));
    }
    return listener
        .ask(questions)
        .handle(
            (answers, error) ->
                answers == null
                    ? AskingFixtures.refused(error)
                    : ScriptedConnector.completed("confirmed"));
  }

  private CompletionStage<ToolReply> namedThenTask(ToolListener listener) {
    return listener
        .ask(Map.of("user_name", AskingFixtures.form("What is your name?", "name", "string")))
        .thenCompose(
            answers -> later(listener, 300, ScriptedConnector.completed("Hello, " + answers)))
        .exceptionally(AskingFixtures::refused);
  }

  /** The upstream takes it for a task and is done later, unless it is cancelled. */
  private CompletionStage<ToolReply> later(ToolListener listener, long millis, ToolReply reply) {
    listener.takesLong();
    CompletableFuture<ToolReply> done = after(millis, reply);
    var _ =
        listener
            .cancelled()
            .thenAccept(reason -> done.complete(ScriptedConnector.indeterminate(reason)));
    return done;
  }

  private CompletableFuture<ToolReply> after(long millis, ToolReply reply) {
    CompletableFuture<ToolReply> done = new CompletableFuture<>();
    vertx.setTimer(millis, _ -> done.complete(reply));
    return done;
  }

  private static boolean takesTasks(ToolListener listener) {
    return listener.capabilities().get("extensions") instanceof Map<?, ?> extensions
        && extensions.containsKey("io.modelcontextprotocol/tasks");
  }
}
