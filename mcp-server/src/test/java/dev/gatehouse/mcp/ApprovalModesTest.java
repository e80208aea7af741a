package dev.gatehouse.mcp;

import static dev.gatehouse.core.call.OperationType.DESTRUCTIVE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gatehouse.core.approval.Approvals.Vote;
import dev.gatehouse.core.decision.Decision.RequireApproval;
import dev.gatehouse.core.decision.Reason;
import dev.gatehouse.core.tool.ToolReply;
import dev.gatehouse.mcp.config.McpTimes;
import dev.gatehouse.mcp.config.McpWaiting;
import dev.gatehouse.testkit.ScriptedConnector;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** How clients of the new era wait for a person, and what a repeated call gets. */
class ApprovalModesTest {

  private static final Duration HOLD = McpTimes.DEFAULT.approvalHold();

  private final TestServer server = new TestServer();

  @BeforeEach
  void demandApproval() {
    server.tools.tool("wipe", DESTRUCTIVE, ScriptedConnector.text("wiped"));
    server.gate.demand(
        new RequireApproval(
            new Reason("policy:ask", "wiping needs a person"), Duration.ofMinutes(10), List.of()));
  }

  @AfterEach
  void close() {
    server.close();
  }

  @Test
  void modernClientIsToldToComeAgainWithNothingButAState() throws Exception {
    JsonNode told = leg("");
    assertThat(told.get("resultType").asText()).isEqualTo("input_required");
    assertThat(told.has("inputRequests")).isFalse();
    assertThat(told.get("requestState").asText()).isNotEmpty().doesNotContain("apr_");
    assertThat(told.at("/_meta/dev.gatehouse~1decision/approval/id").asText()).isEqualTo("apr_1");
    assertThat(server.tools.executed()).isEmpty();
  }

  @Test
  void approvalDuringALaterLegReleasesTheOneCall() throws Exception {
    String state = leg("").get("requestState").asText();
    CompletableFuture<HttpResponse<String>> second = server.sendAsync(again(state));
    await().until(() -> server.timers.waiting(HOLD) == 1);
    vote(true);
    assertThat(result(second).at("/content/0/text").asText()).isEqualTo("wiped");
    assertThat(server.gate.audit.rows("intent"))
        .extracting(row -> row.get("verdict"))
        .containsExactly("approval_required", "allow");
  }

  @Test
  void approvalBetweenTwoLegsWaitsForTheClient() throws Exception {
    String state = leg("").get("requestState").asText();
    vote(true);
    assertThat(server.tools.executed()).isEmpty();
    assertThat(server.send(again(state)).body()).contains("wiped");
    assertThat(server.tools.executed()).hasSize(1);
  }

  @Test
  void ninthLegEndsWithPending() throws Exception {
    String state = leg("").get("requestState").asText();
    for (int i = 2; i < McpWaiting.DEFAULT.approvalLegsMax(); i++) {
      state = leg(state).get("requestState").asText();
    }
    JsonNode last = leg(state);
    assertThat(last.get("resultType").asText()).isEqualTo("complete");
    assertThat(last.at("/content/0/text").asText()).startsWith("PENDING, NOT EXECUTED");
  }

  @Test
  void approvalAfterTheClientStayedAwayExecutesNothing() throws Exception {
    leg("");
    server.timers.advance(McpWaiting.DEFAULT.parkedHold());
    vote(true);
    assertThat(server.tools.executed()).isEmpty();
    assertThat(server.send(server.call("wipe", "{}")).body()).contains("wiped");
  }

  @Test
  void callWhoseClientStayedAwayFreesItsPlace() throws Exception {
    server.endpoint.reconfigure(TestServer.config(Limits.with("callsPerAgentMax", 1)));
    leg("");
    server.timers.advance(McpWaiting.DEFAULT.parkedHold());
    server.gate.demand();
    await()
        .atMost(Duration.ofSeconds(20))
        .until(() -> server.send(server.call("wipe", "{\"x\":1}")).body().contains("wiped"));
  }

  @Test
  void lastHoldEndsWithTheCallsBudget() throws Exception {
    String state = leg("").get("requestState").asText();
    Duration left = Duration.ofSeconds(2);
    server.gate.clock.advance(McpTimes.DEFAULT.callBudget().minus(HOLD).minus(left));
    CompletableFuture<HttpResponse<String>> last = server.sendAsync(again(state));
    await().atMost(Duration.ofSeconds(20)).until(() -> server.timers.waiting(left) == 1);
    server.timers.advance(left);
    assertThat(result(last).at("/content/0/text").asText()).startsWith("PENDING, NOT EXECUTED");
  }

  @Test
  void stateIsWorthNothingOnceItsTimeIsOverEvenIfTheTimerIsLate() throws Exception {
    String state = leg("").get("requestState").asText();
    server.gate.clock.advance(McpWaiting.DEFAULT.parkedHold());
    vote(true);
    assertThat(server.send(again(state)).body()).contains("has expired or was used already");
    assertThat(server.tools.executed()).isEmpty();
  }

  @Test
  void clientThatTakesTasksGetsOneWhichEndsWhenDecided() throws Exception {
    JsonNode task = result(server.sendAsync(server.callAsTask("wipe", "{}")));
    assertThat(task.get("resultType").asText()).isEqualTo("task");
    assertThat(task.get("status").asText()).isEqualTo("working");
    assertThat(task.get("statusMessage").asText()).contains("apr_1");
    String id = task.get("taskId").asText();
    server.timers.advance(Duration.ofMinutes(8));
    assertThat(task(id).get("status").asText()).isEqualTo("working");
    vote(true);
    await().until(() -> task(id).get("status").asText().equals("completed"));
    assertThat(task(id).at("/result/content/0/text").asText()).isEqualTo("wiped");
    assertThat(server.tools.executed()).hasSize(1);
  }

  @Test
  void deniedTaskIsCompletedWithTheDenial() throws Exception {
    String id = result(server.sendAsync(server.callAsTask("wipe", "{}"))).get("taskId").asText();
    vote(false);
    await().until(() -> task(id).get("status").asText().equals("completed"));
    assertThat(task(id).at("/result/content/0/text").asText()).startsWith("DENIED, NOT EXECUTED");
  }

  @Test
  void cancelledTaskIsNotExecutedWhenApprovedLater() throws Exception {
    String id = result(server.sendAsync(server.callAsTask("wipe", "{}"))).get("taskId").asText();
    server.send(server.taskRequest("tasks/cancel", id, ""));
    await().until(() -> task(id).get("status").asText().equals("cancelled"));
    vote(true);
    assertThat(task(id).get("status").asText()).isEqualTo("cancelled");
    assertThat(server.tools.executed()).isEmpty();
  }

  @Test
  void repeatedCallWhileTheApprovedOneRunsGetsItsResult() throws Exception {
    CompletableFuture<ToolReply> work = new CompletableFuture<>();
    server.tools.tool("wipe", DESTRUCTIVE, (_, _) -> work);
    CompletableFuture<HttpResponse<String>> first = server.sendAsync(server.call("wipe", "{}"));
    await().until(() -> server.timers.waiting(HOLD) == 1);
    vote(true);
    await().until(() -> server.tools.executed().size() == 1);
    var repeated = server.sendAsync(server.call("wipe", "{}"));
    var other = server.sendAsync(server.call("wipe", "{\"x\":1}"));
    await().until(() -> server.gate.approvals.pending().size() == 1);
    work.complete(ScriptedConnector.completed("wiped once"));
    assertThat(first.get().body()).contains("wiped once");
    assertThat(repeated.get().body()).contains("wiped once");
    assertThat(other).isNotDone();
    assertThat(server.tools.executed()).hasSize(1);
  }

  @Test
  void callsThatUseAnApprovalTogetherExecuteOnce() throws Exception {
    CompletableFuture<ToolReply> work = new CompletableFuture<>();
    leg("");
    server.timers.advance(McpWaiting.DEFAULT.parkedHold());
    vote(true);
    server.tools.tool("wipe", DESTRUCTIVE, (_, _) -> work);
    var first = server.sendAsync(server.call("wipe", "{}"));
    await().until(() -> server.tools.executed().size() == 1);
    var second = server.sendAsync(server.call("wipe", "{}"));
    await().until(() -> server.gate.audit.rows("intent").size() == 2);
    work.complete(ScriptedConnector.completed("wiped once"));
    assertThat(first.get().body()).contains("wiped once");
    assertThat(second.get().body()).contains("wiped once");
    assertThat(server.gate.approvals.pending()).isEmpty();
  }

  @Test
  void acceptedElicitationIsNoApproval() throws Exception {
    String state = leg("").get("requestState").asText();
    CompletableFuture<HttpResponse<String>> second =
        server.sendAsync(
            server.call(
                "wipe",
                "{}",
                """
                "requestState":"%s","inputResponses":{"approval":{"action":"accept",\
                "content":{"approve":true}}}\
                """
                    .formatted(state)));
    await().until(() -> server.timers.waiting(HOLD) == 1);
    server.timers.advance(HOLD);
    assertThat(result(second).get("resultType").asText()).isEqualTo("input_required");
    assertThat(server.tools.executed()).isEmpty();
  }

  /** One request that waits until it is told something; the first one has no state. */
  private JsonNode leg(String state) throws Exception {
    var reply = server.sendAsync(state.isEmpty() ? server.call("wipe", "{}") : again(state));
    await().until(() -> server.timers.waiting(HOLD) == 1);
    server.timers.advance(HOLD);
    return result(reply);
  }

  private java.net.http.HttpRequest.Builder again(String state) {
    return server.call("wipe", "{}", "\"requestState\":\"" + state + "\"");
  }

  private JsonNode task(String id) throws Exception {
    return server.json(server.taskRequest("tasks/get", id, "")).get("result");
  }

  private static JsonNode result(CompletableFuture<HttpResponse<String>> reply) throws Exception {
    return TestServer.JSON.readTree(reply.get().body()).get("result");
  }

  private void vote(boolean approve) {
    server.gate.approvals.vote(
        server.gate.approvals.pending().getFirst().id(), new Vote("ann", approve, "because"));
  }
}
