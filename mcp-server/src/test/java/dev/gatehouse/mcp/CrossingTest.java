package dev.gatehouse.mcp;

import static dev.gatehouse.core.call.OperationType.READ;
import static dev.gatehouse.mcp.TwoAgents.answer;
import static dev.gatehouse.mcp.TwoAgents.as;
import static dev.gatehouse.mcp.TwoAgents.name;
import static dev.gatehouse.mcp.TwoAgents.response;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gatehouse.testkit.GateFixture;
import dev.gatehouse.testkit.ScriptedConnector;
import java.net.http.HttpRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Two agents, each with everything that the other one holds but its key: nothing crosses. */
class CrossingTest {

  private static final int ROUNDS = 20;

  private final TestServer server = new TestServer();
  private final TwoAgents agents = new TwoAgents(server);

  @BeforeEach
  void addTools() {
    server.tools.tool(
        "ask",
        READ,
        (call, listener) ->
            listener
                .ask(AskingTest.form("who", "name"))
                .handle(
                    (answers, refused) ->
                        ScriptedConnector.completed(
                            call.principal().agent() + " was told " + answers)));
    server.tools.tool(
        "long",
        READ,
        (call, listener) -> {
          listener.takesLong();
          return new CompletableFuture<>();
        });
  }

  @AfterEach
  void close() {
    server.close();
  }

  @Test
  void statesOfOneAgentAreWorthNothingToAnother() throws Exception {
    inParallel(
        GateFixture.KEY,
        GateFixture.OTHER_KEY,
        (mine, theirs, round) -> {
          String state = server.json(as(mine, agents.ask(""))).at("/result/requestState").asText();
          JsonNode stolen = server.json(as(theirs, agents.ask(answer(state, "thief"))));
          assertThat(stolen.at("/error/code").asInt()).isEqualTo(-32602);
          JsonNode told = server.json(as(mine, agents.ask(answer(state, "n" + round))));
          assertThat(told.at("/result/content/0/text").asText())
              .startsWith(name(mine) + " was told")
              .contains("n" + round)
              .doesNotContain("thief");
        });
  }

  @Test
  void tasksOfOneAgentDoNotExistForAnother() throws Exception {
    inParallel(
        GateFixture.KEY,
        GateFixture.OTHER_KEY,
        (mine, theirs, _) -> {
          String id =
              server.json(as(mine, server.callAsTask("long", "{}"))).at("/result/taskId").asText();
          for (String method : List.of("tasks/cancel", "tasks/get")) {
            assertThat(
                    server
                        .json(as(theirs, server.taskRequest(method, id, "")))
                        .at("/error/code")
                        .asInt())
                .isEqualTo(-32602);
          }
          assertThat(
                  server
                      .json(as(mine, server.taskRequest("tasks/get", id, "")))
                      .at("/result/status")
                      .asText())
              .isEqualTo("working");
        });
  }

  @Test
  void sameRequestIdsInTwoSessionsGetTheirOwnQuestionsAndAnswers() throws Exception {
    inParallel(
        GateFixture.KEY,
        GateFixture.OTHER_KEY,
        (mine, theirs, round) -> {
          String session = session(mine);
          String other = session(theirs);
          HttpRequest.Builder call =
              server.legacy(
                  session,
                  """
                  {"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"ask"}}\
                  """);
          try (TestServer.Events events = server.events(as(mine, call))) {
            String id = events.next().get("id").asText();
            server.send(as(theirs, server.legacy(other, response(id, "thief"))));
            server.send(as(theirs, server.legacy(session, response(id, "thief"))));
            server.send(as(mine, server.legacy(session, response(id, "n" + round))));
            assertThat(events.next().at("/result/content/0/text").asText())
                .startsWith(name(mine) + " was told")
                .contains("n" + round)
                .doesNotContain("thief");
          }
        });
    await().until(() -> server.gate.audit.rows("outcome").size() == 2 * ROUNDS);
  }

  private interface Round {
    void run(String mine, String theirs, int round) throws Exception;
  }

  /** Both agents at once, each against the other. */
  private static void inParallel(String one, String other, Round round) throws Exception {
    try (ExecutorService threads = Executors.newFixedThreadPool(2)) {
      List<Future<?>> ends = new ArrayList<>();
      for (List<String> keys : List.of(List.of(one, other), List.of(other, one))) {
        ends.add(
            threads.submit(
                () -> {
                  for (int i = 0; i < ROUNDS; i++) {
                    round.run(keys.get(0), keys.get(1), i);
                  }
                  return null;
                }));
      }
      for (Future<?> end : ends) {
        end.get();
      }
    }
  }

  private String session(String key) throws Exception {
    return server
        .send(as(key, agents.initialize()))
        .headers()
        .firstValue("mcp-session-id")
        .orElseThrow();
  }
}
