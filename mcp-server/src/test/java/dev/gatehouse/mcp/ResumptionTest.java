package dev.gatehouse.mcp;

import static dev.gatehouse.core.call.OperationType.DESTRUCTIVE;
import static dev.gatehouse.core.call.OperationType.READ;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gatehouse.core.approval.Approvals.Vote;
import dev.gatehouse.core.decision.Decision.RequireApproval;
import dev.gatehouse.core.decision.Reason;
import dev.gatehouse.core.tool.ToolListener;
import dev.gatehouse.core.tool.ToolReply;
import dev.gatehouse.mcp.config.McpWaiting;
import dev.gatehouse.testkit.GateFixture;
import dev.gatehouse.testkit.ScriptedConnector;
import java.net.http.HttpRequest;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Streams of the old era that lose their connection, and its tool that waits for a person. */
class ResumptionTest {

  private final TestServer server = new TestServer();
  private final CompletableFuture<ToolReply> work = new CompletableFuture<>();
  private final CompletableFuture<ToolListener> listening = new CompletableFuture<>();

  @BeforeEach
  void addTool() {
    server.tools.tool(
        "slow",
        READ,
        (_, listener) -> {
          listener.progress(Map.of("progress", 1)); // the response begins with it
          listening.complete(listener);
          return work;
        });
  }

  @AfterEach
  void close() {
    server.close();
  }

  @Test
  void streamIsResumedAfterTheMessageThatTheClientHas() throws Exception {
    String session = server.session(GateFixture.KEY);
    String first;
    try (TestServer.Events events = server.events(call(session))) {
      first = id(events);
      assertThat(events.next().at("/params/progress").asInt()).isEqualTo(1);
      progress(2);
      assertThat(events.next().at("/params/progress").asInt()).isEqualTo(2);
    }
    progress(3);
    String after = first.replaceFirst("-.*", "-1");
    try (TestServer.Events events = server.events(resume(session, after))) {
      assertThat(events.next().at("/params/progress").asInt()).isEqualTo(2);
      assertThat(events.next().at("/params/progress").asInt()).isEqualTo(3);
      work.complete(ScriptedConnector.completed("done"));
      assertThat(events.next().at("/result/content/0/text").asText()).isEqualTo("done");
      assertThat(events.line()).isEmpty();
      assertThat(events.line()).isEqualTo("null");
    }
    try (TestServer.Events events = server.events(resume(session, after))) {
      assertThat(events.next().at("/params/progress").asInt()).isEqualTo(2);
    }
    server.timers.advance(McpWaiting.DEFAULT.replayHold());
    try (TestServer.Events own = server.events(resume(session, after))) {
      assertThat(own.line()).startsWith("id: ").doesNotContain(after);
    }
  }

  @Test
  void streamsOfOtherSessionsCannotBeResumed() throws Exception {
    String mine = server.session(GateFixture.KEY);
    String other = server.session(GateFixture.KEY);
    try (TestServer.Events events = server.events(call(mine))) {
      String id = id(events);
      try (TestServer.Events own = server.events(resume(other, id))) {
        progress(2);
        work.complete(ScriptedConnector.completed("done"));
        server.tools.remove("slow");
        assertThat(own.next().get("method").asText()).isEqualTo("notifications/tools/list_changed");
      }
      assertThat(
              server
                  .send(
                      resume(mine, id)
                          .setHeader("Authorization", "Bearer " + GateFixture.OTHER_KEY))
                  .statusCode())
          .isEqualTo(404);
    }
  }

  @Test
  void replayIsBounded() throws Exception {
    String session = server.session(GateFixture.KEY);
    String first;
    try (TestServer.Events events = server.events(call(session))) {
      first = id(events);
      events.next();
    }
    int max = McpWaiting.DEFAULT.replayEventsMax();
    for (int i = 2; i <= max + 5; i++) {
      progress(i);
    }
    await() // the last of them may still be on their way to the stream's loop
        .untilAsserted(
            () -> {
              try (TestServer.Events events = server.events(resume(session, first))) {
                assertThat(events.next().at("/params/progress").asInt()).isEqualTo(6);
              }
            });
  }

  @Test
  void connectionIsClosedAfterAWhileForTheClientToResume() throws Exception {
    String session = server.session(GateFixture.KEY);
    String id;
    try (TestServer.Events events = server.events(call(session))) {
      id = id(events);
      assertThat(events.line()).isEqualTo("retry: 1000");
      events.next();
      server.timers.advance(McpWaiting.DEFAULT.connectionHold());
      await().until(() -> events.line().equals("null"));
    }
    work.complete(ScriptedConnector.completed("done"));
    try (TestServer.Events events = server.events(resume(session, id))) {
      events.next();
      assertThat(events.next().at("/result/content/0/text").asText()).isEqualTo("done");
    }
  }

  @Test
  void ownStreamIsResumedAsTheListener() throws Exception {
    String session = server.session(GateFixture.KEY);
    String id;
    try (TestServer.Events events = server.events(get(session))) {
      id = id(events);
      server.tools.remove("slow");
      assertThat(events.next().get("method").asText()).endsWith("list_changed");
    }
    try (TestServer.Events events = server.events(resume(session, id))) {
      assertThat(events.next().get("method").asText()).endsWith("list_changed");
      server.tools.tool("more", READ, ScriptedConnector.text("x"));
      assertThat(events.next().get("method").asText()).endsWith("list_changed");
    }
  }

  @Test
  void approvalWaitHoldsUntilThePersonAnswered() throws Exception {
    String session = server.session(GateFixture.KEY);
    String id = pending(session);
    assertThat(server.send(list(session)).body()).contains("\"approval_wait\"");
    assertThat(server.send(server.modern("tools/list", "", "")).body())
        .doesNotContain("approval_w");
    var waits = server.sendAsync(approvalWait(session, id));
    await().until(() -> server.timers.waiting(McpWaiting.DEFAULT.approvalPoll()) == 1);
    server.gate.approvals.vote(
        server.gate.approvals.pending().getFirst().id(), new Vote("ann", true, ""));
    assertThat(waits.get().body()).contains("APPROVED", "exactly the same call");
    assertThat(server.send(wipe(session)).body()).contains("wiped");
    assertThat(server.send(approvalWait(session, id)).body()).contains("was carried out");
  }

  @Test
  void approvalWaitEndsAsPendingAndKnowsNoQuestionOfOthers() throws Exception {
    String session = server.session(GateFixture.KEY);
    String id = pending(session);
    var waits = server.sendAsync(approvalWait(session, id));
    await().until(() -> server.timers.waiting(McpWaiting.DEFAULT.approvalPoll()) == 1);
    server.timers.advance(McpWaiting.DEFAULT.approvalPoll());
    assertThat(waits.get().body()).contains("PENDING, NOT EXECUTED");
    String theirs = server.session(GateFixture.OTHER_KEY);
    JsonNode other =
        server.json(
            approvalWait(theirs, id).setHeader("Authorization", "Bearer " + GateFixture.OTHER_KEY));
    assertThat(other.at("/result/content/0/text").asText()).isEqualTo("there is no approval " + id);
    assertThat(server.send(approvalWait(session, "nonsense")).body()).contains("no approval");
    assertThat(server.tools.executed()).isEmpty();
  }

  private String pending(String session) throws Exception {
    server.tools.tool("wipe", DESTRUCTIVE, ScriptedConnector.text("wiped"));
    server.gate.demand(
        new RequireApproval(new Reason("ask", "a person"), Duration.ofMinutes(10), List.of()));
    var held = server.sendAsync(wipe(session));
    Duration hold = dev.gatehouse.mcp.config.McpTimes.DEFAULT.approvalHold();
    await().until(() -> server.timers.waiting(hold) == 1);
    server.timers.advance(hold);
    assertThat(held.get().body()).contains("approval_wait");
    return server.gate.approvals.pending().getFirst().id().value();
  }

  private HttpRequest.Builder wipe(String session) {
    return server.legacy(
        session,
        "{\"jsonrpc\":\"2.0\",\"id\":3,\"method\":\"tools/call\",\"params\":{\"name\":\"wipe\"}}");
  }

  private HttpRequest.Builder approvalWait(String session, String id) {
    return server.legacy(
        session,
        """
        {"jsonrpc":"2.0","id":4,"method":"tools/call","params":{"name":"approval_wait",\
        "arguments":{"id":"%s"}}}\
        """
            .formatted(id));
  }

  private HttpRequest.Builder list(String session) {
    return server.legacy(session, "{\"jsonrpc\":\"2.0\",\"id\":9,\"method\":\"tools/list\"}");
  }

  private HttpRequest.Builder call(String session) {
    return server.legacy(
        session,
        """
        {"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"slow",\
        "_meta":{"progressToken":"t"}}}\
        """);
  }

  private HttpRequest.Builder get(String session) {
    return server.legacy(session, "").setHeader("Accept", "text/event-stream").GET();
  }

  private HttpRequest.Builder resume(String session, String lastEventId) {
    return get(session).header("Last-Event-ID", lastEventId);
  }

  private void progress(int value) throws Exception {
    listening.get().progress(Map.of("progress", value));
  }

  /** The next event's id; read before its message. */
  private static String id(TestServer.Events events) throws Exception {
    String line = events.line();
    assertThat(line).startsWith("id: ");
    return line.substring("id: ".length());
  }
}
