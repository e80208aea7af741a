package dev.gatehouse.mcp;

import static dev.gatehouse.core.context.ContextKind.PROMPT;
import static dev.gatehouse.core.context.ContextKind.RESOURCE;
import static dev.gatehouse.core.context.ContextKind.RESOURCE_TEMPLATE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gatehouse.core.approval.Approvals.Vote;
import dev.gatehouse.core.call.ContextOperation;
import dev.gatehouse.core.call.OperationType;
import dev.gatehouse.core.decision.Decision.Deny;
import dev.gatehouse.core.decision.Decision.RequireApproval;
import dev.gatehouse.core.decision.Reason;
import dev.gatehouse.core.outcome.Evidence.ToolEvidence;
import dev.gatehouse.core.outcome.Outcome;
import dev.gatehouse.core.registry.Glob;
import dev.gatehouse.core.registry.Manifest;
import dev.gatehouse.core.tool.ReplyError;
import dev.gatehouse.core.tool.ToolReply;
import dev.gatehouse.mcp.config.McpTimes;
import dev.gatehouse.testkit.GateFixture;
import dev.gatehouse.testkit.ScriptedConnector;
import dev.gatehouse.testkit.ScriptedContexts.Script;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ContextCallsTest {

  private final TestServer server = new TestServer();

  @BeforeEach
  void fill() {
    server.tools.contexts().add(RESOURCE, Map.of("uri", "docs://a", "name", "a"), contents("A"));
    server.tools.contexts().add(RESOURCE, Map.of("uri", "secret://b", "name", "b"), contents("B"));
    server
        .tools
        .contexts()
        .add(
            RESOURCE_TEMPLATE,
            Map.of("uriTemplate", "docs://{id}/page", "name", "pages"),
            (call, listener) ->
                call.kindOfCall() == ContextOperation.COMPLETE
                    ? now(Map.of("completion", Map.of("values", List.of("7"))))
                    : contents("page").run(call, listener));
    server
        .tools
        .contexts()
        .add(
            PROMPT,
            Map.of("name", "greet", "description", "Greets"),
            (call, _) ->
                call.kindOfCall() == ContextOperation.COMPLETE
                    ? now(Map.of("completion", Map.of("values", List.of("ann", "bob"))))
                    : now(
                        Map.of(
                            "messages",
                            List.of(
                                Map.of(
                                    "role",
                                    "user",
                                    "content",
                                    Map.of("type", "text", "text", "Hi " + call.params()))))));
  }

  @AfterEach
  void close() {
    server.close();
  }

  @Test
  void resourceIsReadAsAGovernedCallAndNamesItsReceipt() throws Exception {
    JsonNode result = server.json(read("docs://a")).get("result");
    assertThat(result.at("/contents/0/text").asText()).isEqualTo("A");
    assertThat(result.get("ttlMs").asLong()).isZero();
    assertThat(result.get("cacheScope").asText()).isEqualTo("private");
    assertThat(result.at("/_meta/dev.gatehouse~1audit/seq").asLong()).isZero();
    assertThat(server.gate.audit.rows())
        .extracting(row -> row.get("type"), row -> row.get("action_type"), row -> row.get("name"))
        .containsExactly(
            tuple("intent", "resources.read", "docs://a"),
            tuple("outcome", "resources.read", "docs://a"));
  }

  @Test
  void aLinkedResourceIsReadByTheOneItWasShownToAsAGovernedCall() throws Exception {
    server.tools.contexts().link(GateFixture.PRINCIPAL.agent(), "docs://linked", contents("L"));
    server.tools.contexts().link(GateFixture.OTHER.agent(), "docs://theirs", contents("T"));

    assertThat(server.json(read("docs://linked")).at("/result/contents/0/text").asText())
        .isEqualTo("L");
    assertThat(server.json(read("docs://theirs")).at("/error/code").asInt()).isEqualTo(-32602);
    assertThat(server.gate.audit.rows())
        .extracting(row -> row.get("type"), row -> row.get("name"))
        .containsExactly(tuple("intent", "docs://linked"), tuple("outcome", "docs://linked"));
  }

  @Test
  void contentOfAReadIsWithheldUntilTheIntentIsDurable() throws Exception {
    server.gate.audit.hold();
    CompletableFuture<HttpResponse<String>> reply = server.sendAsync(read("docs://a"));
    await().until(() -> server.gate.audit.rows("outcome").size() == 1);
    assertThat(reply).isNotDone();
    server.gate.audit.fail();
    server.gate.audit.release();
    assertThat(reply.get().body()).contains("withheld").doesNotContain("\"A\"");
  }

  @Test
  void ttlOfTheUpstreamIsPassedOnButNeverAPublicScope() throws Exception {
    server
        .tools
        .contexts()
        .add(
            RESOURCE,
            Map.of("uri", "docs://kept", "name", "k"),
            (_, _) -> now(Map.of("contents", List.of(), "ttlMs", 5000, "cacheScope", "public")));
    JsonNode result = server.json(read("docs://kept")).get("result");
    assertThat(result.get("ttlMs").asLong()).isEqualTo(5000);
    assertThat(result.get("cacheScope").asText()).isEqualTo("private");
    JsonNode legacy = server.json(legacyRead(session(), "docs://kept")).get("result");
    assertThat(legacy.has("ttlMs")).isFalse();
    assertThat(legacy.has("cacheScope")).isFalse();
  }

  @Test
  void templateServesTheUrisItMakes() throws Exception {
    assertThat(server.json(read("docs://7/page")).at("/result/contents/0/uri").asText())
        .isEqualTo("docs://7/page");
  }

  @ParameterizedTest
  @CsvSource({"docs://none", "secret://b", "secret://linked"})
  void unknownAndHiddenResourcesAreAnsweredAlikeInBothEras(String uri) throws Exception {
    declareOnly("docs://*");
    server.tools.contexts().link(GateFixture.PRINCIPAL.agent(), "secret://linked", contents("S"));
    JsonNode modern = server.json(read(uri)).get("error");
    assertThat(modern.get("code").asInt()).isEqualTo(-32602);
    assertThat(modern.at("/data/uri").asText()).isEqualTo(uri);
    assertThat(modern.get("data").size()).isEqualTo(1);
    JsonNode legacy = server.json(legacyRead(session(), uri)).get("error");
    assertThat(legacy.get("code").asInt()).isEqualTo(-32002);
    assertThat(legacy.at("/data/uri").asText()).isEqualTo(uri);
    assertThat(server.tools.executed()).isEmpty();
  }

  @Test
  void attemptOnAHiddenResourceIsOnRecord() throws Exception {
    declareOnly("docs://*");
    server.send(read("secret://b"));
    assertThat(server.gate.audit.rows("intent"))
        .extracting(row -> row.get("rule"))
        .containsExactly("manifest.context");
  }

  @Test
  void promptGetsItsArguments() throws Exception {
    JsonNode result =
        server
            .json(
                server.modern(
                    "prompts/get", "greet", "\"name\":\"greet\",\"arguments\":{\"who\":\"Ann\"}"))
            .get("result");
    assertThat(result.at("/messages/0/content/text").asText()).contains("who=Ann");
    assertThat(result.has("ttlMs")).isFalse();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "prompts/get|greet|\"name\":\"greet\",\"arguments\":{\"n\":7}",
        "prompts/get|nobody|\"name\":\"nobody\"",
        "prompts/get||\"x\":1",
        "resources/read||\"x\":1",
        "completion/complete||\"ref\":{\"type\":\"ref/prompt\",\"name\":\"greet\"}",
        "completion/complete||\"ref\":{\"type\":\"ref/what\"},\"argument\":{\"name\":\"a\",\"value\":\"\"}",
        "completion/complete||\"ref\":{\"type\":\"ref/prompt\",\"name\":\"nobody\"},\"argument\":{\"name\":\"a\",\"value\":\"\"}",
        "completion/complete||\"argument\":{\"name\":\"a\",\"value\":\"\"}",
        "completion/complete||\"ref\":{\"type\":\"ref/prompt\",\"name\":\"greet\"},\"argument\":{\"name\":\"a\",\"value\":\"\"},\"context\":{\"arguments\":{\"a\":1}}",
      })
  void malformedParamsAndUnknownNamesAreInvalidParams(
      String method, @Nullable String name, String params) throws Exception {
    HttpRequest.Builder request = server.modern(method, name == null ? "" : name, params);
    assertThat(server.json(request).at("/error/code").asInt()).isEqualTo(-32602);
    assertThat(server.tools.executed()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"type\":\"ref/prompt\",\"name\":\"greet\"}|ann",
        "{\"type\":\"ref/resource\",\"uri\":\"docs://{id}/page\"}|7",
      })
  void completionAsksTheOneThatServesTheReference(String ref, String first) throws Exception {
    JsonNode result =
        server
            .json(
                server.modern(
                    "completion/complete",
                    "",
                    "\"ref\":"
                        + ref
                        + ",\"argument\":{\"name\":\"who\",\"value\":\"a\"},"
                        + "\"context\":{\"arguments\":{\"x\":\"y\"}}"))
            .get("result");
    assertThat(result.at("/completion/values/0").asText()).isEqualTo(first);
    assertThat(server.gate.audit.rows("intent"))
        .extracting(row -> row.get("operation"))
        .containsExactly("completion/complete");
  }

  @Test
  void listsShowWhatTheManifestDeclaresPageByPage() throws Exception {
    for (int i = 0; i < 5; i++) {
      server
          .tools
          .contexts()
          .add(RESOURCE, Map.of("uri", "docs://p" + i, "name", "p"), contents("p"));
    }
    declareOnly("docs://p*");
    server.endpoint.reconfigure(TestServer.config(Limits.with("listPageMax", 2)));
    List<String> seen = new ArrayList<>();
    Optional<String> cursor = Optional.of("");
    while (cursor.isPresent()) {
      String params = cursor.get().isEmpty() ? "" : "\"cursor\":\"" + cursor.get() + "\"";
      JsonNode result = server.json(server.modern("resources/list", "", params)).get("result");
      assertThat(result.get("resources").size()).isLessThanOrEqualTo(2);
      assertThat(result.get("cacheScope").asText()).isEqualTo("private");
      result.get("resources").forEach(entry -> seen.add(entry.get("uri").asText()));
      cursor = Optional.ofNullable(result.get("nextCursor")).map(JsonNode::asText);
    }
    assertThat(seen)
        .containsExactly("docs://p0", "docs://p1", "docs://p2", "docs://p3", "docs://p4");
  }

  @ParameterizedTest
  @CsvSource({
    "resources/list,/resources/0/uri,docs://a",
    "resources/templates/list,/resourceTemplates/0/uriTemplate,docs://{id}/page",
    "prompts/list,/prompts/0/name,greet",
  })
  void everyListIsServedInBothErasWithCachingHintsInTheNew(
      String method, String first, String expected) throws Exception {
    JsonNode modern = server.json(server.modern(method, "", "")).get("result");
    assertThat(modern.at(first).asText()).isEqualTo(expected);
    assertThat(modern.get("ttlMs").asLong()).isEqualTo(McpTimes.DEFAULT.listTtl().toMillis());
    JsonNode legacy =
        server
            .json(
                server.legacy(
                    session(), "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"" + method + "\"}"))
            .get("result");
    assertThat(legacy.at(first).asText()).isEqualTo(expected);
    assertThat(legacy.has("ttlMs")).isFalse();
  }

  @Test
  void denialIsAnErrorThatSaysWhy() throws Exception {
    server.gate.demand(new Deny(new Reason("no.reading", "not on Sundays")));
    JsonNode error = server.json(read("docs://a")).get("error");
    assertThat(error.get("code").asInt()).isEqualTo(403);
    assertThat(error.get("message").asText()).startsWith("DENIED").contains("not on Sundays");
    assertThat(error.at("/data/dev.gatehouse~1decision/rule").asText()).isEqualTo("no.reading");
    assertThat(server.tools.executed()).isEmpty();
  }

  @Test
  void readThatNeedsAPersonWaitsForOne() throws Exception {
    server.gate.demand(
        new RequireApproval(
            new Reason("secret", "reading needs a person"), Duration.ofHours(1), List.of()));
    CompletableFuture<HttpResponse<String>> reply = server.sendAsync(read("docs://a"));
    Duration hold = McpTimes.DEFAULT.approvalHold();
    await().until(() -> server.timers.waiting(hold) == 1);
    server.timers.advance(hold);
    JsonNode told = TestServer.JSON.readTree(reply.get().body()).get("result");
    assertThat(told.get("resultType").asText()).isEqualTo("input_required");
    assertThat(told.has("cacheScope")).isFalse();
    server.gate.approvals.vote(
        server.gate.approvals.pending().getFirst().id(), new Vote("bob", true, ""));
    assertThat(server.json(read("docs://a")).at("/result/contents/0/text").asText()).isEqualTo("A");
  }

  @Test
  void upstreamErrorReachesTheClientWithoutWhatOnlyTheGatewayMaySay() throws Exception {
    server
        .tools
        .contexts()
        .add(
            PROMPT,
            Map.of("name", "broken"),
            (_, _) ->
                CompletableFuture.completedStage(
                    failed(
                        new ReplyError(
                            -31999, "no", Map.of("why", "x", "dev.gatehouse/decision", "y")))));
    JsonNode error =
        server.json(server.modern("prompts/get", "broken", "\"name\":\"broken\"")).get("error");
    assertThat(error.get("code").asInt()).isEqualTo(-31999);
    assertThat(error.get("message").asText()).isEqualTo("no");
    assertThat(error.at("/data/why").asText()).isEqualTo("x");
    assertThat(error.get("data").has("dev.gatehouse/decision")).isFalse();
    assertThat(error.at("/data/dev.gatehouse~1audit/seq").asLong()).isZero();
  }

  @ParameterizedTest
  @CsvSource({"-32002", "-32602"})
  void resourceThatTheUpstreamMissesHasTheCodeOfTheClientsEra(int upstream) throws Exception {
    server
        .tools
        .contexts()
        .add(
            RESOURCE,
            Map.of("uri", "docs://gone", "name", "g"),
            (_, _) ->
                CompletableFuture.completedStage(
                    failed(new ReplyError(upstream, "gone", Map.of("uri", "up://gone")))));
    JsonNode modern = server.json(read("docs://gone")).get("error");
    assertThat(modern.get("code").asInt()).isEqualTo(-32602);
    assertThat(modern.at("/data/uri").asText()).isEqualTo("docs://gone");
    JsonNode legacy = server.json(legacyRead(session(), "docs://gone")).get("error");
    assertThat(legacy.get("code").asInt()).isEqualTo(-32002);
  }

  @ParameterizedTest
  @CsvSource({"-32022", "-32020", "403", "9999999999"})
  void upstreamDoesNotSpeakForTheGateway(long code) throws Exception {
    server
        .tools
        .contexts()
        .add(
            PROMPT,
            Map.of("name", "liar"),
            (_, _) -> CompletableFuture.completedStage(failed(new ReplyError(code, "x", null))));
    assertThat(
            server
                .json(server.modern("prompts/get", "liar", "\"name\":\"liar\""))
                .at("/error/code")
                .asInt())
        .isEqualTo(-32603);
  }

  private void declareOnly(String resources) {
    server.gate.manifest(
        new Manifest(
            "tests",
            List.of(new Glob("*")),
            EnumSet.allOf(OperationType.class),
            List.of(),
            List.of(new Glob(resources)),
            List.of(),
            OptionalInt.empty()));
  }

  private String session() throws Exception {
    return server.session(GateFixture.KEY);
  }

  private HttpRequest.Builder read(String uri) {
    return server.modern("resources/read", uri, "\"uri\":\"" + uri + "\"");
  }

  private HttpRequest.Builder legacyRead(String session, String uri) {
    return server.legacy(
        session,
        "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"resources/read\",\"params\":{\"uri\":\""
            + uri
            + "\"}}");
  }

  private static Script contents(String text) {
    return (call, _) -> now(Map.of("contents", List.of(Map.of("uri", call.name(), "text", text))));
  }

  private static CompletableFuture<ToolReply> now(Map<String, Object> result) {
    return CompletableFuture.completedFuture(ScriptedConnector.completed(result));
  }

  private static ToolReply failed(ReplyError error) {
    return new ToolReply(
        new Outcome.Completed(new ToolEvidence(Duration.ofMillis(1), true, 0, Optional.empty())),
        Map.of(),
        Optional.of(error));
  }
}
