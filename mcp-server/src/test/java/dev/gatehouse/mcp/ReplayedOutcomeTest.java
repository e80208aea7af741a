package dev.gatehouse.mcp;

import static dev.gatehouse.core.call.OperationType.DESTRUCTIVE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.gatehouse.core.approval.Approvals.Vote;
import dev.gatehouse.core.call.GovernedCall;
import dev.gatehouse.core.call.ToolCall;
import dev.gatehouse.core.decision.Decision.Deny;
import dev.gatehouse.core.decision.Decision.RequireApproval;
import dev.gatehouse.core.decision.Reason;
import dev.gatehouse.core.tool.ToolReply;
import dev.gatehouse.mcp.config.McpLimits;
import dev.gatehouse.mcp.config.McpOutcomes;
import dev.gatehouse.mcp.config.McpTimes;
import dev.gatehouse.testkit.GateFixture;
import dev.gatehouse.testkit.ScriptedConnector;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What an identical call gets when the client of an approved one was gone at its end. */
class ReplayedOutcomeTest {

  private static final Duration HOLD = McpOutcomes.DEFAULT.outcomeHold();
  private static final RequireApproval ASK =
      new RequireApproval(
          new Reason("policy:ask", "wiping needs a person"), Duration.ofHours(1), List.of());

  private final TestServer server = new TestServer();

  @BeforeEach
  void demandApproval() {
    server.gate.demand(ASK);
  }

  @AfterEach
  void close() {
    server.close();
  }

  @Test
  void identicalCallGetsTheOutcomeOnceAndIsOnRecord() throws Exception {
    lose("{}", HOLD);
    assertThat(server.send(server.call("wipe", "{}")).body())
        .contains("wiped {}", "dev.gatehouse/replay");
    assertThat(server.tools.executed()).hasSize(1);
    assertThat(server.gate.approvals.pending()).isEmpty();
    String carriedOut = server.tools.executed().getFirst().call().id().value();
    assertThat(server.gate.audit.rows("intent").getLast())
        .containsEntry("verdict", "replay")
        .containsEntry("rule", "replay:" + carriedOut)
        .containsEntry("replays", carriedOut);
    assertThat(server.gate.audit.rows("outcome")).hasSize(1);
    assertAsksAnew("{}");
  }

  @Test
  void callThatDiffersAndTheOtherAgentAskAnew() throws Exception {
    lose("{}", HOLD);
    assertAsksAnew("{\"x\":1}");
    var theirs =
        server.sendAsync(
            server
                .call("wipe", "{}")
                .setHeader("Authorization", "Bearer " + GateFixture.OTHER_KEY));
    await().until(() -> server.gate.approvals.pending().size() == 2);
    assertThat(theirs).isNotDone();
    assertThat(server.send(server.call("wipe", "{}")).body()).contains("wiped {}");
  }

  @Test
  void outcomeIsForgottenAfterItsHold() throws Exception {
    lose("{}", HOLD);
    server.timers.advance(HOLD);
    assertAsksAnew("{}");
  }

  @Test
  void outcomeThatIsTooLongIsToldInWords() throws Exception {
    limit(new McpOutcomes(16, 40, HOLD));
    lose("{}", HOLD);
    assertThat(server.send(server.call("wipe", "{}")).body())
        .contains(
            "EXECUTED as call " + server.tools.executed().getFirst().call().id(),
            "recorded as",
            "outcomeBytesPerAgentMax 40")
        .doesNotContain("wiped {}");
  }

  @Test
  void oldestOutcomeGivesWayToTheOneBeyondTheLimit() throws Exception {
    limit(new McpOutcomes(1, 1 << 20, HOLD));
    lose("{\"n\":1}", HOLD);
    lose("{\"n\":2}", HOLD);
    assertThat(server.send(server.call("wipe", "{\"n\":2}")).body()).contains("wiped {n=2}");
    assertAsksAnew("{\"n\":1}");
  }

  @Test
  void approvalWaitTellsTheOutcome() throws Exception {
    lose("{}", HOLD);
    assertThat(server.send(server.call("approval_wait", "{\"id\":\"apr_1\"}")).body())
        .contains("wiped {}");
    assertThat(server.gate.audit.rows("intent").getLast()).containsEntry("verdict", "replay");
    assertAsksAnew("{}");
  }

  @Test
  void deniedCallIsNotToldTheOutcomeButKeepsIt() throws Exception {
    lose("{}", HOLD);
    server.gate.demand(new Deny(new Reason("policy:frozen", "nothing moves now")));
    assertThat(server.send(server.call("wipe", "{}")).body())
        .contains("DENIED", "policy:frozen")
        .doesNotContain("wiped {}");
    server.gate.demand(ASK);
    assertThat(server.send(server.call("wipe", "{}")).body()).contains("wiped {}");
  }

  @Test
  void callJoinsTheOneThatItsGoneClientLeftRunning() throws Exception {
    CompletableFuture<ToolReply> work = new CompletableFuture<>();
    CompletableFuture<String> cancelled = new CompletableFuture<>();
    runThenLeave("{}", work, cancelled);
    long ticking = server.timers.waiting(keepAlive());
    var again = server.sendAsync(server.call("wipe", "{}"));
    await().until(() -> server.timers.waiting(keepAlive()) > ticking);
    work.complete(ScriptedConnector.completed("wiped {}"));
    assertThat(again.get().body()).contains("wiped {}");
    assertThat(server.tools.executed()).hasSize(1);
  }

  @Test
  void outcomeOfACallThatUsedAnEarlierApprovalIsToldToo() throws Exception {
    Duration longHold = McpTimes.DEFAULT.approvalHoldWithProgress();
    server.tools.tool("wipe", DESTRUCTIVE, ScriptedConnector.text("wiped"));
    try (TestServer.Events asked = server.events(server.callWithProgress("wipe", "{}"))) {
      asked.next();
    }
    await().atMost(Duration.ofSeconds(20)).until(() -> server.timers.waiting(longHold) == 0);
    server.gate.approvals.vote(
        server.gate.approvals.pending().getFirst().id(), new Vote("ann", true, ""));
    CompletableFuture<ToolReply> work = new CompletableFuture<>();
    CompletableFuture<String> cancelled = new CompletableFuture<>();
    server.tools.tool(
        "wipe",
        DESTRUCTIVE,
        (_, listener) -> {
          var _ = listener.cancelled().thenAccept(cancelled::complete);
          listener.progress(Map.of("progress", 1)); // the response begins with it
          return work;
        });
    try (TestServer.Events running = server.events(server.callWithProgress("wipe", "{}"))) {
      running.next();
    }
    await().atMost(Duration.ofSeconds(20)).until(cancelled::isDone);
    work.complete(ScriptedConnector.completed("wiped in vain"));
    Duration kept = McpOutcomes.DEFAULT.outcomeHold();
    await().atMost(Duration.ofSeconds(20)).until(() -> server.timers.waiting(kept) == 1);

    assertThat(server.send(server.call("wipe", "{}")).body()).contains("wiped in vain");
    assertThat(server.tools.executed()).hasSize(1);
  }

  /** An approved call whose client is gone when its outcome comes. */
  private void lose(String arguments, Duration hold) throws Exception {
    long before = server.timers.waiting(hold);
    CompletableFuture<ToolReply> work = new CompletableFuture<>();
    runThenLeave(arguments, work, new CompletableFuture<>());
    work.complete(ScriptedConnector.completed("wiped " + ((ToolCall) last()).arguments()));
    await().until(() -> server.timers.waiting(hold) == before + 1);
  }

  private void runThenLeave(
      String arguments, CompletableFuture<ToolReply> work, CompletableFuture<String> cancelled)
      throws Exception {
    int before = server.tools.executed().size();
    server.tools.tool(
        "wipe",
        DESTRUCTIVE,
        (_, listener) -> {
          var _ = listener.cancelled().thenAccept(cancelled::complete);
          return work;
        });
    try (TestServer.Events events = server.events(server.callWithProgress("wipe", arguments))) {
      events.next();
      server.gate.approvals.vote(
          server.gate.approvals.pending().getFirst().id(), new Vote("ann", true, ""));
      await().until(() -> server.tools.executed().size() == before + 1);
    }
    await().until(cancelled::isDone);
  }

  private GovernedCall last() {
    return server.tools.executed().getLast().call();
  }

  private void assertAsksAnew(String arguments) throws Exception {
    int executed = server.tools.executed().size();
    int pending = server.gate.approvals.pending().size();
    var reply = server.sendAsync(server.call("wipe", arguments));
    await().until(() -> server.gate.approvals.pending().size() == pending + 1);
    assertThat(reply).isNotDone();
    assertThat(server.tools.executed()).hasSize(executed);
  }

  private void limit(McpOutcomes outcomes) {
    server.endpoint.reconfigure(TestServer.config(McpLimits.DEFAULT, outcomes));
  }

  private static Duration keepAlive() {
    return McpTimes.DEFAULT.keepAlive();
  }
}
