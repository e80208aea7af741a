package dev.gatehouse.connectors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.gatehouse.connectors.config.McpServerConfig;
import dev.gatehouse.connectors.house.House;
import dev.gatehouse.connectors.house.HttpServerScript;
import dev.gatehouse.connectors.house.ModernServerScript;
import dev.gatehouse.connectors.house.Recorder;
import dev.gatehouse.connectors.json.Json;
import dev.gatehouse.connectors.json.MalformedMessageException;
import dev.gatehouse.core.outcome.Outcome.Completed;
import dev.gatehouse.core.outcome.Outcome.Indeterminate;
import dev.gatehouse.core.tool.ToolReply;
import io.vertx.core.http.HttpServerRequest;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Clients of either era before upstreams of either era: what passes through is the same. */
class ErasTest {

  private static final String PROGRESS =
      "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/progress\","
          + "\"params\":{\"progressToken\":%s,\"progress\":1,\"message\":\"half\"}}";

  /** An upstream of one era, which the tests let do the same things. */
  private interface Side extends AutoCloseable {

    McpServerConfig config();

    /** Reports progress and then answers. */
    void progressThenAnswer();

    /** Asks that and answers with what it was told. */
    void ask(String method, String params);

    /** Never answers. */
    void hang();

    int calls();

    /** Whether it heard that a call is cancelled. */
    boolean cancelled();

    /** What the client can do, as the upstream sees it. */
    Map<String, Object> capabilities();

    @Override
    void close();

    static Side of(String era) {
      return era.equals("modern") ? new Modern() : new Legacy();
    }
  }

  @ParameterizedTest
  @CsvSource({"legacy,legacy", "legacy,modern", "modern,legacy", "modern,modern"})
  void progressPasses(String client, String upstream) {
    try (Side side = Side.of(upstream);
        House house = new House(side.config())) {
      house.awaitUp("u");
      side.progressThenAnswer();
      Recorder recorder = client(client, true);
      assertThat(House.get(house.begin("u__echo", recorder)).outcome())
          .isInstanceOf(Completed.class);
      assertThat(recorder.progress).containsExactly(Map.of("progress", 1, "message", "half"));
    }
  }

  @ParameterizedTest
  @CsvSource({"legacy,legacy", "legacy,modern", "modern,legacy", "modern,modern"})
  void cancellationPasses(String client, String upstream) {
    try (Side side = Side.of(upstream);
        House house = new House(side.config())) {
      house.awaitUp("u");
      side.hang();
      Recorder recorder = client(client, false);
      CompletableFuture<ToolReply> running = house.begin("u__echo", recorder);
      await().atMost(House.PATIENCE).until(() -> side.calls() == 1);
      recorder.cancel.complete("enough");
      assertThat(House.get(running).outcome()).isInstanceOf(Indeterminate.class);
      await().atMost(House.PATIENCE).until(side::cancelled);
    }
  }

  @ParameterizedTest
  @CsvSource({"legacy,legacy", "legacy,modern", "modern,legacy", "modern,modern"})
  void elicitationPasses(String client, String upstream) {
    Map<String, Object> answer = Map.of("action", "accept", "content", Map.of("name", "Ada"));
    asks(
        client,
        upstream,
        "elicitation/create",
        "{\"message\":\"who?\",\"requestedSchema\":{\"type\":\"object\",\"properties\":{}}}",
        answer);
  }

  @ParameterizedTest
  @CsvSource({"legacy,legacy", "legacy,modern", "modern,legacy", "modern,modern"})
  void samplingPasses(String client, String upstream) {
    Map<String, Object> answer =
        Map.of(
            "role", "assistant", "model", "m", "content", Map.of("type", "text", "text", "Paris"));
    asks(
        client,
        upstream,
        "sampling/createMessage",
        "{\"messages\":[{\"role\":\"user\",\"content\":{\"type\":\"text\",\"text\":\"capital?\"}}],"
            + "\"maxTokens\":10}",
        answer);
  }

  private static void asks(
      String client, String upstream, String method, String params, Map<String, Object> answer) {
    try (Side side = Side.of(upstream);
        House house = new House(side.config())) {
      house.awaitUp("u");
      side.ask(method, params);
      Recorder recorder = client(client, false);
      recorder.answer = Recorder.answering(answer).answer;

      ToolReply reply = House.get(house.begin("u__echo", recorder));

      assertThat(reply.result()).containsEntry("told", answer);
      assertThat(recorder.asked)
          .singleElement()
          .satisfies(
              question -> {
                assertThat(question.method()).isEqualTo(method);
                assertThat(question.params()).containsAllEntriesOf(tree(params));
              });
      assertThat(side.capabilities()).containsKeys("elicitation", "sampling", "roots");
    }
  }

  private static Recorder client(String era, boolean wantsProgress) {
    Recorder recorder = new Recorder(wantsProgress);
    recorder.capabilities =
        era.equals("modern")
            ? Map.of(
                "elicitation", Map.of("form", Map.of(), "url", Map.of()),
                "sampling", Map.of(),
                "roots", Map.of())
            : Map.of(
                "elicitation", Map.of(),
                "sampling", Map.of(),
                "roots", Map.of("listChanged", true));
    return recorder;
  }

  private static Map<String, Object> tree(String json) {
    byte[] text = json.getBytes(StandardCharsets.UTF_8);
    try {
      return Json.object(text, 0, text.length);
    } catch (MalformedMessageException e) {
      throw new AssertionError(e);
    }
  }

  private static String text(Object tree) {
    return new String(Json.bytes(tree), StandardCharsets.UTF_8);
  }

  private static final class Modern implements Side {

    private final ModernServerScript server = new ModernServerScript();
    private int closedBefore;

    @Override
    public McpServerConfig config() {
      return server.config("u");
    }

    @Override
    public void progressThenAnswer() {
      server.answers.put(
          "tools/call",
          (request, one) ->
              HttpServerScript.events(request)
                  .end(
                      ModernServerScript.event(PROGRESS.formatted(one.id()))
                          + ModernServerScript.event(
                              HttpServerScript.result(
                                  one.id(), "{\"resultType\":\"complete\",\"content\":[]}"))));
    }

    @Override
    public void ask(String method, String params) {
      server.answers.put(
          "tools/call",
          (request, one) -> {
            Map<String, Object> told = Json.object(one.params(), "inputResponses");
            if (told.isEmpty()) {
              ModernServerScript.raw(
                  request,
                  one,
                  "\"resultType\":\"input_required\",\"inputRequests\":{\"k\":{\"method\":\""
                      + method
                      + "\",\"params\":"
                      + params
                      + "}}");
            } else {
              ModernServerScript.result(
                  request, one, "\"content\":[],\"told\":" + text(Json.object(told, "k")));
            }
          });
    }

    @Override
    public void hang() {
      server.answers.put(
          "tools/call",
          (request, _) -> {
            closedBefore = server.closed.get();
            HttpServerScript.events(request).write(": working\n\n");
          });
    }

    @Override
    public int calls() {
      return server.seen("tools/call").size();
    }

    @Override
    public boolean cancelled() {
      return server.closed.get() > closedBefore;
    }

    @Override
    public Map<String, Object> capabilities() {
      return Json.object(
          server.seen("tools/call").getFirst().meta(),
          "io.modelcontextprotocol/clientCapabilities");
    }

    @Override
    public void close() {
      server.close();
    }
  }

  private static final class Legacy implements Side {

    private final HttpServerScript server = new HttpServerScript();

    @Override
    public McpServerConfig config() {
      return server.config("u");
    }

    @Override
    public void progressThenAnswer() {
      server.call =
          (request, id) ->
              HttpServerScript.events(request)
                  .end(
                      ModernServerScript.event(PROGRESS.formatted(id))
                          + ModernServerScript.event(
                              HttpServerScript.result(id, "{\"content\":[]}")));
    }

    @Override
    public void ask(String method, String params) {
      server.call =
          (request, id) -> {
            var events = HttpServerScript.events(request);
            server.intercept =
                other -> {
                  String body = server.seen.getLast().body();
                  if (!body.contains("\"q1\"")) {
                    return false;
                  }
                  accepted(other);
                  events.end(
                      ModernServerScript.event(
                          HttpServerScript.result(
                              id,
                              "{\"content\":[],\"told\":"
                                  + text(Json.object(tree(body), "result"))
                                  + "}")));
                  return true;
                };
            events.write(
                ModernServerScript.event(
                    "{\"jsonrpc\":\"2.0\",\"id\":\"q1\",\"method\":\""
                        + method
                        + "\",\"params\":"
                        + params
                        + "}"));
          };
    }

    private static void accepted(HttpServerRequest request) {
      request.response().setStatusCode(202).end();
    }

    @Override
    public void hang() {
      server.call = (request, _) -> HttpServerScript.events(request).write(": working\n\n");
    }

    @Override
    public int calls() {
      return server.executed.get();
    }

    @Override
    public boolean cancelled() {
      return server.count("notifications/cancelled") == 1;
    }

    @Override
    public Map<String, Object> capabilities() {
      return Json.object(
          Json.object(
              tree(
                  server.seen.stream()
                      .map(HttpServerScript.Seen::body)
                      .filter(body -> body.contains("\"initialize\""))
                      .toList()
                      .getFirst()),
              "params"),
          "capabilities");
    }

    @Override
    public void close() {
      server.close();
    }
  }
}
