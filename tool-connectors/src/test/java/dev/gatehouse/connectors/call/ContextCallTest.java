package dev.gatehouse.connectors.call;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.gatehouse.connectors.config.FlowLimits;
import dev.gatehouse.connectors.config.UpstreamLimits;
import dev.gatehouse.connectors.house.House;
import dev.gatehouse.connectors.house.HttpServerScript;
import dev.gatehouse.connectors.house.Recorder;
import dev.gatehouse.core.call.ContextOperation;
import dev.gatehouse.core.context.ContextCatalog.Located;
import dev.gatehouse.core.context.ContextDescriptor;
import dev.gatehouse.core.context.ContextKind;
import dev.gatehouse.core.outcome.Evidence.ToolEvidence;
import dev.gatehouse.core.outcome.Outcome;
import dev.gatehouse.core.tool.ReplyError;
import dev.gatehouse.core.tool.ToolConnector.Subscribed;
import dev.gatehouse.core.tool.ToolReply;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Reading, completing, and watching what an upstream offers besides tools. */
class ContextCallTest {

  private final HttpServerScript server = new HttpServerScript();
  private final HttpServerScript other = new HttpServerScript();

  @BeforeEach
  void offer() {
    for (HttpServerScript one : List.of(server, other)) {
      one.capabilities = "{\"resources\":{\"subscribe\":true},\"prompts\":{},\"completions\":{}}";
      one.lists.put("resources/list", "{\"resources\":[{\"uri\":\"a://x\",\"name\":\"x\"}]}");
      one.call =
          (request, id) ->
              HttpServerScript.json(
                  request,
                  HttpServerScript.result(
                      id,
                      "{\"contents\":[{\"uri\":\"a://x\",\"text\":\"t\"},{\"uri\":\"b://y\"}]}"));
    }
    server.lists.put(
        "resources/templates/list",
        "{\"resourceTemplates\":[{\"uriTemplate\":\"a://{id}/data\",\"name\":\"d\"}]}");
    server.lists.put("prompts/list", "{\"prompts\":[{\"name\":\"greet\"}]}");
  }

  @AfterEach
  void stop() {
    server.close();
    other.close();
  }

  @Test
  void aResourceIsReadUnderTheUpstreamsOwnUri() {
    try (House house = new House(server.config("h"))) {
      house.awaitUp("h");
      ToolReply reply = house.read("a://7/data");
      assertThat(reply.outcome()).isInstanceOf(Outcome.Completed.class);
      assertThat(reply.result()).containsKey("contents");
      assertThat(server.seen.getLast().body())
          .contains("\"method\":\"resources/read\"", "\"params\":{\"uri\":\"a://7/data\"}");
    }
  }

  @Test
  void urisOfAnAnswerAreTheExposedOnes() {
    try (House house = new House(server.config("h"), other.config("o"))) {
      house.awaitUp("h");
      house.awaitUp("o");
      ToolReply reply = house.read("h+a://x");
      assertThat(reply.result().toString())
          .isEqualTo("{contents=[{uri=h+a://x, text=t}, {uri=b://y}]}");
      assertThat(server.executed).hasValue(1);
      assertThat(other.executed).hasValue(0);
      assertThat(server.seen.getLast().body()).contains("\"uri\":\"a://x\"");
    }
  }

  @Test
  void urisInToolResultsAndPromptsAreTheExposedOnes() {
    server.call =
        (request, id) ->
            HttpServerScript.json(
                request,
                HttpServerScript.result(
                    id,
                    "{\"content\":[{\"type\":\"resource_link\",\"uri\":\"a://x\"},"
                        + "{\"type\":\"text\",\"text\":\"a://x\"},"
                        + "{\"type\":\"resource\",\"resource\":{\"uri\":\"a://x\"}}],"
                        + "\"messages\":[{\"content\":{\"type\":\"resource\",\"resource\":{\"uri\":\"a://x\"}}}]}"));
    try (House house = new House(server.config("h"), other.config("o"))) {
      house.awaitUp("h");
      house.awaitUp("o");
      assertThat(house.call("h__echo").result().toString())
          .isEqualTo(
              "{content=[{type=resource_link, uri=h+a://x}, {type=text, text=a://x},"
                  + " {type=resource, resource={uri=h+a://x}}],"
                  + " messages=[{content={type=resource, resource={uri=h+a://x}}}]}");
    }
  }

  @Test
  void promptsAndCompletionsCarryTheUpstreamsNames() {
    try (House house = new House(server.config("h"))) {
      house.awaitUp("h");
      ContextDescriptor prompt =
          house.connectors.contexts().find(ContextKind.PROMPT, "h__greet").orElseThrow();
      execute(house, prompt, ContextOperation.GET_PROMPT, Map.of("arguments", Map.of("a", "b")));
      assertThat(server.seen.getLast().body())
          .contains("\"method\":\"prompts/get\"")
          .contains("\"params\":{\"name\":\"greet\",\"arguments\":{\"a\":\"b\"}}");

      Map<String, Object> asked = Map.of("argument", Map.of("name", "a"));
      execute(house, prompt, ContextOperation.COMPLETE, asked);
      assertThat(server.seen.getLast().body())
          .contains("\"method\":\"completion/complete\"", "\"ref/prompt\"", "\"greet\"")
          .doesNotContain("h__greet");

      ContextDescriptor template =
          house.connectors.contexts().list(ContextKind.RESOURCE_TEMPLATE).getFirst();
      execute(house, template, ContextOperation.COMPLETE, asked);
      assertThat(server.seen.getLast().body()).contains("\"ref/resource\"", "a://{id}/data");
    }
  }

  @Test
  void aJsonRpcErrorIsPassedOnWithItsDataAndBounded() {
    server.call =
        (request, id) ->
            HttpServerScript.json(
                request,
                "{\"jsonrpc\":\"2.0\",\"id\":"
                    + id
                    + ",\"error\":{\"code\":-32002,\"message\":\""
                    + "m".repeat(3_000)
                    + "\",\"data\":{\"uri\":\"a://x\"}}}");
    try (House house = new House(server.config("h"))) {
      house.awaitUp("h");
      ToolReply reply = house.read("a://x");
      ReplyError error = reply.error().orElseThrow();
      assertThat(error.code()).isEqualTo(-32002);
      assertThat(error.message()).hasSize(2_001);
      assertThat(error.data()).isEqualTo(Map.of("uri", "a://x"));
      ToolEvidence evidence = (ToolEvidence) reply.outcome().evidence();
      assertThat(evidence.isError()).isTrue();
      assertThat(evidence.result()).isPresent();
    }
  }

  @Test
  void aLostSessionIsRenewedForAReadToo() {
    try (House house = new House(server.config("h"))) {
      house.awaitUp("h");
      server.sessions.clear();
      assertThat(house.read("a://x").outcome()).isInstanceOf(Outcome.Completed.class);
      assertThat(server.executed).hasValue(1);
    }
  }

  @Test
  void manyWatchersAreOneSubscriptionThatEndsWithTheLast() {
    try (House house = new House(server.config("h"))) {
      house.awaitUp("h");
      await().atMost(House.PATIENCE).until(() -> server.streams.size() == 1);
      AtomicInteger first = new AtomicInteger();
      AtomicInteger second = new AtomicInteger();
      Subscribed one = house.subscribe("a://x", first::incrementAndGet);
      Subscribed two = house.subscribe("a://x", second::incrementAndGet);
      assertThat(one.reply().outcome()).isInstanceOf(Outcome.Completed.class);
      assertThat(server.count("resources/subscribe")).isEqualTo(1);

      update("a://other");
      update("a://x");
      await().atMost(House.PATIENCE).until(() -> first.get() == 1 && second.get() == 1);

      one.subscription().close();
      one.subscription().close();
      update("a://x/below");
      await().atMost(House.PATIENCE).until(() -> second.get() == 2);
      assertThat(first).hasValue(1);
      assertThat(server.count("resources/unsubscribe")).isZero();

      two.subscription().close();
      await().atMost(House.PATIENCE).until(() -> server.count("resources/unsubscribe") == 1);
      house.subscribe("a://x", () -> {});
      assertThat(server.count("resources/subscribe")).isEqualTo(2);
    }
  }

  @Test
  void aNewSessionSubscribesAgainAndTellsThatSomethingMayHaveChanged() {
    try (House house = new House(server.config("h"))) {
      house.awaitUp("h");
      AtomicInteger told = new AtomicInteger();
      house.subscribe("a://x", told::incrementAndGet);
      server.sessions.clear();
      assertThat(house.read("a://x").outcome()).isInstanceOf(Outcome.Completed.class);
      await().atMost(House.PATIENCE).until(() -> server.count("resources/subscribe") == 2);
      await().atMost(House.PATIENCE).until(() -> told.get() >= 1);
      int before = told.get();
      await().atMost(House.PATIENCE).until(() -> server.streams.size() == 2);
      update("a://x");
      await().atMost(House.PATIENCE).until(() -> told.get() > before);
    }
  }

  @Test
  void aServerWithoutSubscriptionsFailsThem() {
    server.capabilities = "{\"resources\":{}}";
    try (House house = new House(server.config("h"))) {
      house.awaitUp("h");
      ToolReply reply = house.subscribe("a://x", () -> {}).reply();
      assertThat(((Outcome.Failed) reply.outcome()).kind()).isEqualTo("not_supported");
      assertThat(reply.error().orElseThrow().code()).isEqualTo(-32601);
      assertThat(server.count("resources/subscribe")).isZero();
    }
  }

  @Test
  void resourcesAreSubscribedToUpToTheLimit() {
    UpstreamLimits one =
        new UpstreamLimits(1 << 20, 1 << 20, 10, 10, 10, 10, 8, 1, 1, FlowLimits.DEFAULTS);
    try (House house = new House(server.config("h").with(one))) {
      house.awaitUp("h");
      Subscribed first = house.subscribe("a://x", () -> {});
      assertThat(first.reply().outcome()).isInstanceOf(Outcome.Completed.class);
      Outcome second = house.subscribe("a://1/data", () -> {}).reply().outcome();
      assertThat(((Outcome.Failed) second).message()).contains("subscriptionsMax");
      first.subscription().close();
      await()
          .atMost(House.PATIENCE)
          .until(
              () ->
                  house.subscribe("a://1/data", () -> {}).reply().outcome()
                      instanceof Outcome.Completed);
    }
  }

  private void update(String uri) {
    server.tell(
        "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/resources/updated\",\"params\":{\"uri\":\""
            + uri
            + "\"}}");
  }

  private static void execute(
      House house,
      ContextDescriptor source,
      ContextOperation operation,
      Map<String, Object> params) {
    var grant =
        house.grant(operation, new Located(source, source.upstreamName()), source.name(), params);
    ToolReply reply =
        House.get(house.connector("h").execute(grant, new Recorder(false)).toCompletableFuture());
    assertThat(reply.outcome()).isInstanceOf(Outcome.Completed.class);
  }
}
