package dev.gatehouse.mcp;

import static dev.gatehouse.core.call.OperationType.READ;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.gatehouse.core.tool.ToolListener;
import dev.gatehouse.core.tool.ToolReply;
import dev.gatehouse.testkit.GateFixture;
import dev.gatehouse.testkit.ScriptedConnector;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What one agent, or one slow reader, can take up. */
class LimitsTest {

  private final TestServer server = new TestServer();

  @AfterEach
  void close() {
    server.close();
  }

  @Test
  void requestsOfAnAgentAreBoundedAndThoseOfAnotherAreNot() throws Exception {
    CompletableFuture<ToolReply> work = new CompletableFuture<>();
    server.tools.tool("slow", READ, (_, _) -> work);
    server.endpoint.reconfigure(TestServer.config(Limits.with("requestsPerAgentMax", 1)));
    var running = server.sendAsync(server.call("slow", "{}"));
    await().until(() -> server.tools.executed().size() == 1);
    HttpResponse<String> refused = server.send(server.modern("tools/list", "", ""));
    assertThat(refused.statusCode()).isEqualTo(429);
    assertThat(refused.body()).contains("requestsPerAgentMax 1");
    assertThat(refused.headers().firstValue("retry-after")).hasValue("1");
    assertThat(
            server
                .send(
                    server
                        .modern("tools/list", "", "")
                        .setHeader("Authorization", "Bearer " + GateFixture.OTHER_KEY))
                .statusCode())
        .isEqualTo(200);
    work.complete(ScriptedConnector.completed("done"));
    running.get();
    assertThat(server.send(server.modern("tools/list", "", "")).statusCode()).isEqualTo(200);
  }

  @Test
  void bodiesOfAnAgentAreBoundedWhileTheirRequestsLast() throws Exception {
    CompletableFuture<ToolReply> work = new CompletableFuture<>();
    server.tools.tool("slow", READ, (_, _) -> work);
    server.endpoint.reconfigure(TestServer.config(Limits.with("bodyBytesPerAgentMax", 2000)));
    String padding = "{\"x\":\"" + "x".repeat(1000) + "\"}";
    var running = server.sendAsync(server.call("slow", padding));
    await().until(() -> server.tools.executed().size() == 1);
    HttpResponse<String> refused = server.send(server.call("slow", padding));
    assertThat(refused.statusCode()).isEqualTo(429);
    assertThat(refused.body()).contains("bodyBytesPerAgentMax 2000");
    work.complete(ScriptedConnector.completed("done"));
    running.get();
    assertThat(server.send(server.call("slow", padding)).body()).contains("done");
  }

  @Test
  void streamThatIsNotReadIsCutAtItsQueueLimit() throws Exception {
    AtomicReference<ToolListener> listener = new AtomicReference<>();
    CompletableFuture<String> cancelled = new CompletableFuture<>();
    server.tools.tool(
        "chatty",
        READ,
        (_, given) -> {
          listener.set(given);
          return given
              .cancelled()
              .thenApply(
                  reason -> {
                    cancelled.complete(reason);
                    return ScriptedConnector.indeterminate("cancelled");
                  });
        });
    server.endpoint.reconfigure(TestServer.config(Limits.with("streamQueueBytesMax", 100_000)));
    String big = "x".repeat(50_000);
    try (Socket unread = server.sendUnread("chatty")) {
      assertThat(unread.isConnected()).isTrue();
      await().until(() -> listener.get() != null);
      AtomicInteger sent = new AtomicInteger();
      await()
          .until(
              () -> {
                for (int i = 0; i < 50; i++) {
                  listener
                      .get()
                      .progress(Map.of("progress", sent.incrementAndGet(), "message", big));
                }
                return cancelled.isDone();
              });
    }
    await().until(() -> server.gate.audit.rows("outcome").size() == 1);
  }

  @Test
  void notificationsHeldForDurabilityAreBounded() throws Exception {
    CompletableFuture<ToolReply> work = new CompletableFuture<>();
    server.endpoint.reconfigure(TestServer.config(Limits.with("notificationsHeldMax", 3)));
    server.tools.tool(
        "chatty",
        READ,
        (_, listener) -> {
          for (int i = 0; i < 10; i++) {
            listener.progress(Map.of("progress", i));
          }
          return work;
        });
    server.gate.audit.hold();
    var reply = server.sendAsync(server.callWithProgress("chatty", "{}"));
    await().until(() -> server.tools.executed().size() == 1);
    work.complete(ScriptedConnector.completed("done"));
    await().until(() -> server.gate.audit.rows("outcome").size() == 1);
    server.gate.audit.release();
    assertThat(reply.get().body().split("notifications/progress", -1)).hasSize(4);
  }
}
