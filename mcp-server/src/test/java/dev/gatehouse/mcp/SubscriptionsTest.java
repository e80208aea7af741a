package dev.gatehouse.mcp;

import static dev.gatehouse.core.call.OperationType.READ;
import static dev.gatehouse.core.context.ContextKind.PROMPT;
import static dev.gatehouse.core.context.ContextKind.RESOURCE;
import static dev.gatehouse.core.context.ContextKind.RESOURCE_TEMPLATE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gatehouse.core.call.OperationType;
import dev.gatehouse.core.decision.Decision.Deny;
import dev.gatehouse.core.decision.Reason;
import dev.gatehouse.core.registry.Glob;
import dev.gatehouse.core.registry.Manifest;
import dev.gatehouse.testkit.GateFixture;
import dev.gatehouse.testkit.ScriptedConnector;
import dev.gatehouse.testkit.ScriptedContexts;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SubscriptionsTest {

  private final TestServer server = new TestServer();
  private final ScriptedContexts contexts = server.tools.contexts();

  @BeforeEach
  void fill() {
    for (String uri : List.of("docs://a", "docs://b", "secret://c")) {
      add(uri);
    }
  }

  @AfterEach
  void close() {
    server.close();
  }

  @Test
  void listenGrantsExistingResourcesOnlyAndTellsOfTheirUpdates() throws Exception {
    try (TestServer.Events events = listen("\"docs://a\",\"docs://none\",\"docs://a\"")) {
      JsonNode first = events.next();
      assertThat(first.get("method").asText())
          .isEqualTo("notifications/subscriptions/acknowledged");
      assertThat(first.at("/params/notifications/resourceSubscriptions"))
          .extracting(JsonNode::asText)
          .containsExactly("docs://a");
      assertThat(contexts.watchers("docs://a")).isEqualTo(1);
      contexts.updated("docs://b");
      contexts.updated("docs://a");
      JsonNode update = events.next();
      assertThat(update.get("method").asText()).isEqualTo("notifications/resources/updated");
      assertThat(update.at("/params/uri").asText()).isEqualTo("docs://a");
      assertThat(update.at("/params/_meta/io.modelcontextprotocol~1subscriptionId").asInt())
          .isEqualTo(1);
    }
    await().until(() -> contexts.watchers("docs://a") == 0);
  }

  @Test
  void subscribingIsAGovernedCall() throws Exception {
    server.gate.demand(new Deny(new Reason("quiet", "no news")));
    try (TestServer.Events events = listen("\"docs://a\"")) {
      assertThat(events.next().at("/params/notifications").isEmpty()).isTrue();
    }
    assertThat(contexts.watchers("docs://a")).isZero();
    assertThat(server.gate.audit.rows("intent"))
        .extracting(row -> row.get("operation"), row -> row.get("rule"))
        .containsExactly(tuple("resources/subscribe", "quiet"));
  }

  @Test
  void acknowledgementWaitsForTheRecordAndComesBeforeWhatChangedMeanwhile() throws Exception {
    server.gate.audit.hold();
    CompletableFuture<TestServer.Events> opened =
        CompletableFuture.supplyAsync(
            () -> {
              try {
                return listen("\"docs://a\"");
              } catch (Exception e) {
                throw new IllegalStateException(e);
              }
            });
    await().until(() -> contexts.watchers("docs://a") == 1);
    contexts.updated("docs://a");
    assertThat(opened).isNotDone();
    server.gate.audit.release();
    try (TestServer.Events events = opened.get()) {
      assertThat(events.next().get("method").asText()).endsWith("acknowledged");
      assertThat(events.next().get("method").asText()).endsWith("resources/updated");
    }
  }

  @Test
  void subscriptionIsWithdrawnWhenItCannotBeRecorded() throws Exception {
    server.gate.audit.hold();
    String session = server.session(GateFixture.KEY);
    CompletableFuture<HttpResponse<String>> reply =
        server.sendAsync(subscribe(session, "docs://a"));
    await().until(() -> contexts.watchers("docs://a") == 1);
    server.gate.audit.fail();
    server.gate.audit.release();
    assertThat(reply.get().body()).contains("withheld");
    assertThat(contexts.watchers("docs://a")).isZero();
  }

  @Test
  void sessionHearsOfItsSubscriptionsUntilItUnsubscribes() throws Exception {
    String session = server.session(GateFixture.KEY);
    assertThat(server.json(subscribe(session, "docs://a")).has("result")).isTrue();
    assertThat(server.json(subscribe(session, "docs://a")).has("result")).isTrue();
    assertThat(contexts.watchers("docs://a")).isEqualTo(1);
    contexts.updated("docs://a"); // told once it listens
    try (TestServer.Events events = server.events(get(session))) {
      assertThat(events.next().at("/params/uri").asText()).isEqualTo("docs://a");
      contexts.updated("docs://a");
      assertThat(events.next().get("method").asText()).isEqualTo("notifications/resources/updated");
      assertThat(server.json(unsubscribe(session, "docs://a")).has("result")).isTrue();
      assertThat(contexts.watchers("docs://a")).isZero();
    }
  }

  @Test
  void cancelledSubscribeLeavesNoSubscription() throws Exception {
    String session = server.session(GateFixture.KEY);
    server.gate.audit.hold();
    CompletableFuture<HttpResponse<String>> reply =
        server.sendAsync(subscribe(session, "docs://a"));
    await().until(() -> contexts.watchers("docs://a") == 1);
    server.send(
        server.legacy(
            session,
            """
            {"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":1}}\
            """));
    server.gate.audit.release();
    assertThat(reply.get().body()).doesNotContain("result");
    assertThat(contexts.watchers("docs://a")).isZero();
  }

  @Test
  void sessionsEndTakesItsSubscriptionsAlong() throws Exception {
    String session = server.session(GateFixture.KEY);
    server.send(subscribe(session, "docs://a"));
    server.send(subscribe(session, "docs://b"));
    server.send(
        server
            .bare()
            .DELETE()
            .header("Authorization", "Bearer " + GateFixture.KEY)
            .header("Mcp-Session-Id", session));
    assertThat(contexts.watchers("docs://a") + contexts.watchers("docs://b")).isZero();
  }

  @ParameterizedTest
  @CsvSource({"docs://none", "secret://c"})
  void unknownAndHiddenResourcesAreAnsweredAlike(String uri) throws Exception {
    declare("docs://*");
    JsonNode error = server.json(subscribe(server.session(GateFixture.KEY), uri)).get("error");
    assertThat(error.get("code").asInt()).isEqualTo(-32002);
    assertThat(error.at("/data/uri").asText()).isEqualTo(uri);
    assertThat(contexts.watchers(uri)).isZero();
  }

  @Test
  void agentThatLostTheResourceHearsNoMoreOfIt() throws Exception {
    try (TestServer.Events events = listen("\"docs://a\",\"docs://b\"")) {
      events.next();
      declare("docs://b");
      contexts.updated("docs://a");
      contexts.updated("docs://b");
      assertThat(events.next().at("/params/uri").asText()).isEqualTo("docs://b");
    }
  }

  @Test
  void subscriptionsOfAnAgentAreBoundedOverAllItsSessions() throws Exception {
    server.endpoint.reconfigure(TestServer.config(Limits.with("subscriptionsPerAgentMax", 2)));
    String one = server.session(GateFixture.KEY);
    String two = server.session(GateFixture.KEY);
    server.send(subscribe(one, "docs://a"));
    server.send(subscribe(two, "docs://a"));
    JsonNode error = server.json(subscribe(two, "docs://b")).get("error");
    assertThat(error.get("message").asText()).contains("subscriptionsPerAgentMax 2");
    server.send(unsubscribe(one, "docs://a"));
    assertThat(server.json(subscribe(two, "docs://b")).has("result")).isTrue();
  }

  @Test
  void listenBeyondTheLimitIsGrantedInPart() throws Exception {
    server.endpoint.reconfigure(TestServer.config(Limits.with("subscriptionsPerAgentMax", 1)));
    try (TestServer.Events events = listen("\"docs://a\",\"docs://b\"")) {
      assertThat(events.next().at("/params/notifications/resourceSubscriptions").size())
          .isEqualTo(1);
    }
  }

  @ParameterizedTest
  @CsvSource({"7", "[7]", "{}"})
  void malformedResourceSubscriptionsAreInvalidParams(String value) throws Exception {
    assertThat(
            server
                .json(
                    server.modern(
                        "subscriptions/listen",
                        "",
                        "\"notifications\":{\"resourceSubscriptions\":" + value + "}"))
                .at("/error/code")
                .asInt())
        .isEqualTo(-32602);
  }

  @Test
  void changesOfEachListAreToldOnceInBothErasAndOnlyWhenAskedFor() throws Exception {
    String session = server.session(GateFixture.KEY);
    try (TestServer.Events all =
            server.events(
                server.modern(
                    "subscriptions/listen",
                    "",
                    "\"notifications\":{\"resourcesListChanged\":true,"
                        + "\"promptsListChanged\":true}"));
        TestServer.Events legacy = server.events(get(session))) {
      assertThat(all.next().at("/params/notifications").size()).isEqualTo(2);
      server.tools.tool("new", READ, ScriptedConnector.text("x"));
      add("docs://new");
      contexts.add(
          RESOURCE_TEMPLATE,
          Map.of("uriTemplate", "docs://{id}/x", "name", "x"),
          (_, _) -> new CompletableFuture<>());
      contexts.add(PROMPT, Map.of("name", "new"), (_, _) -> new CompletableFuture<>());
      assertThat(List.of(method(all), method(all), method(all)))
          .containsExactly("resources", "resources", "prompts");
      assertThat(List.of(method(legacy), method(legacy), method(legacy), method(legacy)))
          .containsExactly("tools", "resources", "resources", "prompts");
    }
  }

  @Test
  void changesThatASessionMissedAreToldOncePerListWhenItListens() throws Exception {
    String session = server.session(GateFixture.KEY);
    add("docs://x");
    add("docs://y");
    contexts.add(PROMPT, Map.of("name", "new"), (_, _) -> new CompletableFuture<>());
    try (TestServer.Events events = server.events(get(session))) {
      assertThat(List.of(method(events), method(events))).containsExactly("resources", "prompts");
      server.tools.tool("new", READ, ScriptedConnector.text("x"));
      assertThat(method(events)).isEqualTo("tools");
    }
  }

  private static String method(TestServer.Events events) throws Exception {
    return events
        .next()
        .get("method")
        .asText()
        .replaceFirst("notifications/(.*)/list_changed", "$1");
  }

  private void add(String uri) {
    contexts.add(RESOURCE, Map.of("uri", uri, "name", uri), (_, _) -> new CompletableFuture<>());
  }

  private void declare(String resources) {
    server.gate.manifest(
        new Manifest(
            "tests",
            List.of(),
            EnumSet.allOf(OperationType.class),
            List.of(),
            List.of(new Glob(resources)),
            List.of(),
            OptionalInt.empty()));
  }

  private TestServer.Events listen(String uris) throws Exception {
    return server.events(
        server.modern(
            "subscriptions/listen",
            "",
            "\"notifications\":{\"resourceSubscriptions\":[" + uris + "]}"));
  }

  private HttpRequest.Builder get(String session) {
    return server
        .bare()
        .GET()
        .header("Accept", "text/event-stream")
        .header("Authorization", "Bearer " + GateFixture.KEY)
        .header("Mcp-Session-Id", session);
  }

  private HttpRequest.Builder subscribe(String session, String uri) {
    return ask(session, "resources/subscribe", uri);
  }

  private HttpRequest.Builder unsubscribe(String session, String uri) {
    return ask(session, "resources/unsubscribe", uri);
  }

  private HttpRequest.Builder ask(String session, String method, String uri) {
    return server.legacy(
        session,
        """
        {"jsonrpc":"2.0","id":1,"method":"%s","params":{"uri":"%s"}}\
        """
            .formatted(method, uri));
  }
}
