package dev.gatehouse.mcp;

import static dev.gatehouse.core.call.OperationType.READ;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.gatehouse.core.call.Principal;
import dev.gatehouse.core.registry.Authentication.Authenticated;
import dev.gatehouse.testkit.GateFixture;
import dev.gatehouse.testkit.ManualClock;
import dev.gatehouse.testkit.ScriptedConnector;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A stream does not outlive the token that it was opened with. */
class ExpiringCredentialTest {

  private static final Duration LIFE = Duration.ofMinutes(10);

  private final TestServer server =
      new TestServer(
          (_, _) ->
              new Authenticated(
                  new Principal(
                      GateFixture.PRINCIPAL.agent(),
                      "token",
                      Optional.empty(),
                      Optional.of(new ManualClock().instant().plus(LIFE)))));

  @AfterEach
  void close() {
    server.close();
  }

  @Test
  void listenStreamEndsWithTheTokenAndMakesRoom() throws Exception {
    server.endpoint.reconfigure(TestServer.config(Limits.with("streamsPerAgentMax", 1)));
    try (TestServer.Events events = server.events(listen())) {
      assertThat(events.next().get("method").asText()).contains("acknowledged");

      server.timers.advance(LIFE.minusSeconds(1));
      server.tools.tool("new", READ, ScriptedConnector.text("x"));
      assertThat(events.next().get("method").asText())
          .isEqualTo("notifications/tools/list_changed");

      server.timers.advance(Duration.ofSeconds(1));
      assertThat(events.next().has("result")).isTrue();
      assertThat(events.line()).isEmpty();
      assertThat(events.line()).isEqualTo("null");
    }
    try (TestServer.Events again = server.events(listen())) {
      assertThat(again.next().has("method")).isTrue();
    }
  }

  @Test
  void sessionsStreamEndsWithTheTokenAndIsResumedWithAnother() throws Exception {
    server.endpoint.reconfigure(TestServer.config(Limits.with("streamsPerAgentMax", 1)));
    String session = server.session(GateFixture.KEY);
    try (TestServer.Events events = server.events(server.legacy(session, "").GET())) {
      server.tools.tool("new", READ, ScriptedConnector.text("x"));
      assertThat(events.next().get("method").asText())
          .isEqualTo("notifications/tools/list_changed");

      server.timers.advance(LIFE);
      assertThat(new String(events.response.body().readAllBytes(), StandardCharsets.UTF_8))
          .as("what came until the end")
          .doesNotContain("data");
    }
    server.tools.tool("newer", READ, ScriptedConnector.text("x"));
    try (TestServer.Events again = server.events(server.legacy(session, "").GET())) {
      assertThat(again.next().get("method").asText()).isEqualTo("notifications/tools/list_changed");
    }
  }

  @Test
  void streamThatEndedLeavesNoTimerBehind() throws Exception {
    try (TestServer.Events events = server.events(listen())) {
      assertThat(events.next().has("method")).isTrue();
      assertThat(server.timers.waiting(LIFE)).isEqualTo(1);
    }
    await().atMost(Duration.ofSeconds(20)).until(() -> server.timers.waiting(LIFE) == 0);
  }

  private HttpRequest.Builder listen() {
    return server.modern(
        "subscriptions/listen", "", "\"notifications\":{\"toolsListChanged\":true}");
  }
}
