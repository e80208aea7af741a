package dev.gatehouse.mcp;

import static dev.gatehouse.core.call.OperationType.READ;
import static dev.gatehouse.mcp.TwoAgents.answer;
import static dev.gatehouse.mcp.TwoAgents.as;
import static dev.gatehouse.mcp.TwoAgents.name;
import static dev.gatehouse.mcp.TwoAgents.response;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gatehouse.core.tool.ToolReply;
import dev.gatehouse.testkit.GateFixture;
import dev.gatehouse.testkit.ScriptedConnector;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Two principals in both eras at once, with the same JSON-RPC ids and the same arguments, and each
 * with the other's states, tasks, sessions and question ids: nothing crosses.
 */
class HammerTest {

  private static final int ROUNDS = 40;
  private static final int BURST = 16;

  private final TestServer server = new TestServer();
  private final TwoAgents agents = new TwoAgents(server);
  private final AtomicInteger sent = new AtomicInteger();
  private final ExecutorService replies = Executors.newFixedThreadPool(2);

  /** What the other one of two agents holds at the moment. */
  private static final class Loot {
    volatile String state = "";
    volatile String task = "";
    volatile String session = "";
    volatile String question = "";
  }

  @BeforeEach
  void addTools() {
    server.tools.tool(
        "echo",
        READ,
        (call, _) ->
            CompletableFuture.supplyAsync(
                () ->
                    ScriptedConnector.completed(
                        call.principal().agent() + " said " + call.arguments().get("n")),
                replies));
    server.tools.tool(
        "ask",
        READ,
        (call, listener) ->
            listener
                .ask(AskingTest.form("who", "name"))
                .thenApplyAsync(
                    answers ->
                        ScriptedConnector.completed(
                            call.principal().agent() + " was told " + answers),
                    replies));
    server.tools.tool(
        "long",
        READ,
        (_, listener) -> {
          CompletableFuture<ToolReply> work = new CompletableFuture<>();
          listener.cancelled().thenAccept(_ -> work.complete(ScriptedConnector.completed("ended")));
          listener.takesLong();
          return work;
        });
  }

  @AfterEach
  void close() {
    server.close();
    replies.shutdownNow();
  }

  @Test
  @Timeout(120)
  void nothingCrossesBetweenTwoPrincipalsInBothEras() throws Exception {
    Loot tester = new Loot();
    Loot other = new Loot();
    try (ExecutorService clients = Executors.newFixedThreadPool(4)) {
      List<Future<?>> ends = new ArrayList<>();
      ends.add(clients.submit(() -> modern(GateFixture.KEY, tester, other)));
      ends.add(clients.submit(() -> modern(GateFixture.OTHER_KEY, other, tester)));
      ends.add(clients.submit(() -> legacy(GateFixture.KEY, tester, other)));
      ends.add(clients.submit(() -> legacy(GateFixture.OTHER_KEY, other, tester)));
      for (Future<?> end : ends) {
        end.get(100, TimeUnit.SECONDS);
      }
    }
    assertThat(sent.get()).as("requests").isGreaterThan(3_000);
    assertThat(server.gate.audit.rows("intent"))
        .as("calls of each agent, none of them by the other")
        .hasSize(4 * ROUNDS * BURST + 2 * ROUNDS * 2 + 2 * ROUNDS);
  }

  private Void modern(String key, Loot mine, Loot theirs) throws Exception {
    for (int round = 0; round < ROUNDS; round++) {
      burst(key, round, (n, _) -> server.call("echo", "{\"n\":" + n + "}"));

      String state = json(as(key, agents.ask(""))).at("/result/requestState").asText();
      mine.state = state;
      if (!theirs.state.isEmpty()) {
        assertRefused(as(key, agents.ask(answer(theirs.state, "thief"))));
      }
      String told =
          json(as(key, agents.ask(answer(state, "n" + round))))
              .at("/result/content/0/text")
              .asText();
      assertThat(told)
          .startsWith(name(key) + " was told")
          .contains("n" + round + "}")
          .doesNotContain("thief");

      mine.task = json(as(key, server.callAsTask("long", "{}"))).at("/result/taskId").asText();
      if (!theirs.task.isEmpty()) {
        assertRefused(as(key, server.taskRequest("tasks/get", theirs.task, "")));
        assertRefused(as(key, server.taskRequest("tasks/cancel", theirs.task, "")));
      }
      assertThat(
              json(as(key, server.taskRequest("tasks/get", mine.task, "")))
                  .at("/result/status")
                  .asText())
          .isEqualTo("working");
      send(as(key, server.taskRequest("tasks/cancel", mine.task, "")));
    }
    return null;
  }

  private Void legacy(String key, Loot mine, Loot theirs) throws Exception {
    String session = session(key);
    mine.session = session;
    for (int round = 0; round < ROUNDS; round++) {
      burst(
          key,
          round,
          (n, id) ->
              server.legacy(
                  session,
                  """
                  {"jsonrpc":"2.0","id":%d,"method":"tools/call","params":\
                  {"name":"echo","arguments":{"n":%d}}}\
                  """
                      .formatted(id, n)));
      if (!theirs.session.isEmpty()) {
        assertThat(send(as(key, server.legacy(theirs.session, cancel()))).statusCode())
            .isEqualTo(404);
      }
      asked(key, session, round, mine, theirs);
    }
    return null;
  }

  private void asked(String key, String session, int round, Loot mine, Loot theirs)
      throws Exception {
    HttpRequest.Builder call =
        server.legacy(
            session,
            "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/call\",\"params\":{\"name\":\"ask\"}}");
    sent.incrementAndGet();
    try (TestServer.Events events = server.events(as(key, call))) {
      mine.question = events.next().get("id").asText();
      String foreign = theirs.question;
      if (!foreign.isEmpty()) {
        send(as(key, server.legacy(session, response(foreign, "thief"))));
        assertThat(
                send(as(key, server.legacy(theirs.session, response(foreign, "thief"))))
                    .statusCode())
            .isEqualTo(404);
      }
      send(as(key, server.legacy(session, response(mine.question, "n" + round))));
      assertThat(events.next().at("/result/content/0/text").asText())
          .startsWith(name(key) + " was told")
          .contains("n" + round + "}")
          .doesNotContain("thief");
    }
  }

  private interface Echo {
    HttpRequest.Builder of(int n, int id);
  }

  /** Many at once; the ids are those that everybody else uses too. */
  private void burst(String key, int round, Echo echo) throws Exception {
    List<CompletableFuture<HttpResponse<String>>> open = new ArrayList<>();
    for (int i = 0; i < BURST; i++) {
      sent.incrementAndGet();
      open.add(server.sendAsync(as(key, echo.of(round * BURST + i, i + 1))));
    }
    for (int i = 0; i < BURST; i++) {
      assertThat(open.get(i).get().body())
          .contains("\"" + name(key) + " said " + (round * BURST + i) + "\"");
    }
  }

  private void assertRefused(HttpRequest.Builder request) throws Exception {
    assertThat(json(request).at("/error/code").asInt()).isEqualTo(-32602);
  }

  private HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
    sent.incrementAndGet();
    return server.send(request);
  }

  private JsonNode json(HttpRequest.Builder request) throws Exception {
    return TestServer.JSON.readTree(send(request).body());
  }

  private static String cancel() {
    return """
    {"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":1}}\
    """;
  }

  private String session(String key) throws Exception {
    return send(as(key, agents.initialize())).headers().firstValue("mcp-session-id").orElseThrow();
  }
}
