package dev.gatehouse.mcp;

import static dev.gatehouse.core.call.OperationType.DESTRUCTIVE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gatehouse.core.approval.Approvals.Vote;
import dev.gatehouse.core.decision.Decision.RequireApproval;
import dev.gatehouse.core.decision.Reason;
import dev.gatehouse.mcp.config.McpTimes;
import dev.gatehouse.testkit.ScriptedConnector;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Calls that wait, and tasks, live on the node where they began; another one says so. */
class OtherNodeTest {

  private static final Duration HOLD = McpTimes.DEFAULT.approvalHold();

  private final TestServer one = new TestServer();
  private final TestServer other = new TestServer();

  @BeforeEach
  void demandApproval() {
    for (TestServer node : List.of(one, other)) {
      node.tools.tool("wipe", DESTRUCTIVE, ScriptedConnector.text("wiped"));
      node.gate.demand(
          new RequireApproval(
              new Reason("policy:ask", "wiping needs a person"),
              Duration.ofMinutes(10),
              List.of()));
    }
  }

  @AfterEach
  void close() {
    one.close();
    other.close();
  }

  @Test
  void stateOfAnotherNodeIsCalledThatAndStaysGoodWhereItIsFrom() throws Exception {
    String state = parked();

    JsonNode error = other.json(again(other, state)).get("error");
    assertThat(error.get("code").asInt()).isEqualTo(-32602);
    assertThat(error.get("message").asText())
        .startsWith("params.requestState was given by another node of this gateway");
    assertThat(error.at("/data/reason").asText()).isEqualTo("other_node");
    assertThat(other.gate.audit.rows("intent")).isEmpty();
    assertThat(other.tools.executed()).isEmpty();

    one.gate.approvals.vote(
        one.gate.approvals.pending().getFirst().id(), new Vote("ann", true, "because"));
    assertThat(one.send(again(one, state)).body()).contains("wiped");
  }

  @Test
  void forgedStateIsNotTakenForAnotherNodes() throws Exception {
    String state = parked();
    String ownMark = state.substring(0, 9);

    for (String forged : List.of("nonsense", ownMark + "AAAA", state + "A", "a.b", "")) {
      JsonNode reply = one.json(again(one, forged));
      assertThat(reply.at("/error/data/reason").isMissingNode()).as(forged).isTrue();
      assertThat(reply.at("/error/message").asText())
          .as(forged)
          .isEqualTo("params.requestState is not one that this server gave for this request");
    }
  }

  @Test
  void taskOfAnotherNodeIsCalledThat() throws Exception {
    String id = one.json(one.callAsTask("wipe", "{}")).at("/result/taskId").asText();

    for (String method : List.of("tasks/get", "tasks/cancel")) {
      JsonNode error = other.json(other.taskRequest(method, id, "")).get("error");
      assertThat(error.get("message").asText())
          .startsWith("params.taskId was given by another node of this gateway");
      assertThat(error.at("/data/reason").asText()).isEqualTo("other_node");
    }
    assertThat(one.json(one.taskRequest("tasks/get", id, "")).at("/result/status").asText())
        .isEqualTo("working");
    JsonNode unknown = one.json(one.taskRequest("tasks/get", id + "x", "")).get("error");
    assertThat(unknown.get("message").asText())
        .isEqualTo("there is no such task, or it has expired");
  }

  private String parked() throws Exception {
    CompletableFuture<HttpResponse<String>> reply = one.sendAsync(one.call("wipe", "{}"));
    await().atMost(Duration.ofSeconds(20)).until(() -> one.timers.waiting(HOLD) == 1);
    one.timers.advance(HOLD);
    return TestServer.JSON
        .readTree(reply.get(20, TimeUnit.SECONDS).body())
        .at("/result/requestState")
        .asText();
  }

  private static HttpRequest.Builder again(TestServer node, String state) {
    return node.call("wipe", "{}", "\"requestState\":\"" + state + "\"");
  }
}
