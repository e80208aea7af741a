package dev.gatehouse.connectors.modern;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.gatehouse.connectors.config.FlowLimits;
import dev.gatehouse.connectors.house.House;
import dev.gatehouse.connectors.house.HttpServerScript;
import dev.gatehouse.connectors.house.ModernServerScript;
import dev.gatehouse.connectors.house.Recorder;
import dev.gatehouse.connectors.json.Json;
import dev.gatehouse.core.outcome.Outcome.Completed;
import dev.gatehouse.core.outcome.Outcome.Indeterminate;
import dev.gatehouse.core.tool.ClientRefusedException;
import dev.gatehouse.core.tool.ToolReply;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ModernUpstreamTest {

  private static final String META = "io.modelcontextprotocol/";
  private static final String CONFIRM =
      "\"resultType\":\"input_required\",\"inputRequests\":{\"sure\":{\"method\":\"elicitation/create\","
          + "\"params\":{\"message\":\"sure?\"}}}";

  private final ModernServerScript server = new ModernServerScript();

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void aRequestSaysWhoAsksAndMirrorsItselfInHeaders() {
    server.tools =
        "[{\"name\":\"töol\",\"inputSchema\":{\"type\":\"object\",\"properties\":"
            + "{\"q\":{\"type\":\"string\",\"x-mcp-header\":\"Query\"}}}},"
            + "{\"name\":\"bad\",\"inputSchema\":{\"type\":\"object\",\"properties\":"
            + "{\"q\":{\"type\":\"number\",\"x-mcp-header\":\"Query\"}}}}]";
    try (House house = new House(server.config("m"))) {
      house.awaitUp("m");
      assertThat(house.names()).as("the invalid tool is left out").hasSize(1);
      Recorder recorder = new Recorder(true);
      recorder.capabilities =
          Map.of("elicitation", Map.of(), "roots", Map.of("listChanged", true), "tasks", Map.of());

      House.get(house.begin(house.names().getFirst(), recorder));

      ModernServerScript.Seen call = server.seen("tools/call").getFirst();
      assertThat(call.headers())
          .containsEntry("mcp-protocol-version", "2026-07-28")
          .containsEntry("mcp-method", "tools/call")
          .containsEntry("mcp-name", "=?base64?dMO2b2w=?=")
          .containsEntry("mcp-param-query", "x")
          .doesNotContainKey("mcp-session-id");
      assertThat(call.meta())
          .containsEntry(META + "protocolVersion", "2026-07-28")
          .containsEntry("progressToken", call.id())
          .containsEntry(
              META + "clientCapabilities",
              Map.of(
                  "elicitation",
                  Map.of(),
                  "roots",
                  Map.of(),
                  "extensions",
                  Map.of(ModernDialect.TASKS, Map.of())));
      assertThat(Json.object(call.meta(), META + "clientInfo")).containsEntry("name", "gatehouse");
    }
  }

  @Test
  void aQuestionIsPutToTheCallerAndTheCallMadeAgainWithItsAnswer() {
    server.answers.put(
        "tools/call",
        (request, one) -> {
          if (one.params().containsKey("inputResponses")) {
            ModernServerScript.result(request, one, "\"content\":[],\"done\":true");
          } else {
            ModernServerScript.raw(
                request, one, CONFIRM + ",\"requestState\":\" {opaque\\u00e9}\"");
          }
        });
    try (House house = new House(server.config("m"))) {
      house.awaitUp("m");
      Recorder recorder = Recorder.answering(Map.of("action", "accept"));

      ToolReply reply = House.get(house.begin("m__echo", recorder));

      assertThat(reply.result()).containsEntry("done", true).doesNotContainKey("resultType");
      assertThat(recorder.asked).extracting("method").containsExactly("elicitation/create");
      List<ModernServerScript.Seen> calls = server.seen("tools/call");
      assertThat(calls).hasSize(2);
      assertThat(calls.getLast().params())
          .containsEntry("requestState", " {opaqueé}")
          .containsEntry("inputResponses", Map.of("sure", Map.of("action", "accept")))
          .containsEntry("arguments", calls.getFirst().params().get("arguments"));
      assertThat(calls.getLast().id()).isNotEqualTo(calls.getFirst().id());
    }
  }

  @Test
  void aStateWithoutAQuestionIsCalledAgainWithAfterAPause() {
    server.answers.put(
        "tools/call",
        (request, one) -> {
          if (server.seen("tools/call").size() < 4) {
            ModernServerScript.raw(
                request, one, "\"resultType\":\"input_required\",\"requestState\":\"s\"");
          } else {
            ModernServerScript.result(request, one, "\"content\":[]");
          }
        });
    try (House house = new House(server.config("m"))) {
      house.awaitUp("m");
      assertThat(house.call("m__echo").outcome()).isInstanceOf(Completed.class);
      assertThat(server.seen("tools/call").getLast().params())
          .containsEntry("requestState", "s")
          .doesNotContainKey("inputResponses");
    }
  }

  @Test
  void aServerThatAsksOverAndOverIsGivenUpAtTheLimit() {
    server.answers.put(
        "tools/call", (request, one) -> ModernServerScript.raw(request, one, CONFIRM));
    try (House house = new House(server.config("m"))) {
      house.awaitUp("m");
      ToolReply reply =
          House.get(house.begin("m__echo", Recorder.answering(Map.of("action", "accept"))));
      assertThat(reply.result()).containsEntry("isError", true);
      assertThat(reply.result().toString()).contains("more often than roundsMax (10)");
      assertThat(server.seen("tools/call")).hasSize(FlowLimits.DEFAULTS.roundsMax() + 1);
    }
  }

  @Test
  void aClientThatLacksTheCapabilityLearnsWhichOne() {
    server.answers.put(
        "tools/call", (request, one) -> ModernServerScript.raw(request, one, CONFIRM));
    try (House house = new House(server.config("m"))) {
      house.awaitUp("m");
      Recorder recorder = new Recorder(false);
      recorder.answer =
          _ ->
              CompletableFuture.failedStage(
                  new ClientRefusedException(
                      ClientRefusedException.MISSING_CAPABILITY,
                      "it has no elicitation",
                      Map.of("elicitation", Map.of())));
      ToolReply reply = House.get(house.begin("m__echo", recorder));
      assertThat(reply.error().orElseThrow().code()).isEqualTo(-32021);
      assertThat(reply.error().orElseThrow().data())
          .isEqualTo(Map.of("requiredCapabilities", Map.of("elicitation", Map.of())));
      assertThat(server.seen("tools/call")).hasSize(1);
    }
  }

  @Test
  void anErrorOfTheServerKeepsItsCodeAndData() {
    server.answers.put(
        "tools/call",
        (request, one) ->
            ModernServerScript.error(
                request, one, "\"code\":-32021,\"message\":\"m\",\"data\":{\"a\":1}"));
    try (House house = new House(server.config("m"))) {
      house.awaitUp("m");
      ToolReply reply = house.call("m__echo");
      assertThat(reply.error().orElseThrow().code()).isEqualTo(-32021);
      assertThat(reply.error().orElseThrow().data()).isEqualTo(Map.of("a", 1));
    }
  }

  @Test
  void wrongHeadersAreMendedByListingTheToolsAnew() {
    server.answers.put(
        "tools/call",
        (request, one) -> {
          if (one.headers().containsKey("mcp-param-query")) {
            ModernServerScript.result(request, one, "\"content\":[]");
          } else {
            server.tools =
                "[{\"name\":\"echo\",\"inputSchema\":{\"type\":\"object\",\"properties\":"
                    + "{\"q\":{\"type\":\"string\",\"x-mcp-header\":\"Query\"}}}}]";
            ModernServerScript.error(request, one, "\"code\":-32020,\"message\":\"mismatch\"");
          }
        });
    try (House house = new House(server.config("m"))) {
      house.awaitUp("m");
      assertThat(house.call("m__echo").error()).isEmpty();
      assertThat(server.seen("tools/call")).hasSize(2);
      server.answers.put(
          "tools/call",
          (request, one) ->
              ModernServerScript.error(request, one, "\"code\":-32020,\"message\":\"mismatch\""));
      assertThat(house.call("m__echo").error().orElseThrow().code()).isEqualTo(-32020);
      assertThat(server.seen("tools/call")).as("once more, not for ever").hasSize(4);
    }
  }

  @Test
  void aVersionNoLongerSpokenIsNegotiatedAnewAndTheCallMadeOnceMore() {
    server.answers.put(
        "tools/call",
        (request, one) -> {
          if (server.seen("tools/call").size() == 1) {
            ModernServerScript.error(
                request,
                one,
                "\"code\":-32022,\"message\":\"?\",\"data\":{\"supported\":[\"2026-07-28\"]}");
          } else {
            ModernServerScript.result(request, one, "\"content\":[]");
          }
        });
    try (House house = new House(server.config("m"))) {
      house.awaitUp("m");
      assertThat(house.call("m__echo").outcome()).isInstanceOf(Completed.class);
      assertThat(server.seen("server/discover")).hasSize(2);
    }
  }

  @Test
  void changesOfTheListAreHeardAndCaughtUpWithAfterABreak() {
    try (House house = new House(server.config("m"))) {
      house.awaitUp("m");
      await().atMost(House.PATIENCE).until(() -> server.listening.size() == 1);
      assertThat(server.seen("subscriptions/listen").getFirst().params())
          .containsEntry("notifications", Map.of("toolsListChanged", true));

      server.tools = "[{\"name\":\"second\",\"inputSchema\":{\"type\":\"object\"}}]";
      server.tell("notifications/tools/list_changed", "");
      await().atMost(House.PATIENCE).until(() -> house.names().equals(List.of("m__second")));

      server.dropStreams();
      server.tools = "[{\"name\":\"third\",\"inputSchema\":{\"type\":\"object\"}}]";
      await().atMost(House.PATIENCE).until(() -> house.names().equals(List.of("m__third")));
    }
  }

  @Test
  void watchedResourcesShareOneStreamThatFollowsTheWatchers() {
    server.answers.put(
        "resources/list",
        (request, one) ->
            ModernServerScript.result(
                request,
                one,
                "\"resources\":[{\"uri\":\"a://1\",\"name\":\"1\"},{\"uri\":\"a://2\",\"name\":\"2\"}]"));
    List<String> told = new java.util.concurrent.CopyOnWriteArrayList<>();
    try (House house = new House(server.config("m"))) {
      house.awaitUp("m");
      var one = house.subscribe("a://1", () -> told.add("1"));
      var two = house.subscribe("a://2", () -> told.add("2"));
      assertThat(one.reply().outcome()).isInstanceOf(Completed.class);
      await().atMost(House.PATIENCE).until(() -> server.listening.size() == 2);
      server.tell("notifications/resources/updated", ",\"uri\":\"a://2\"");
      await().atMost(House.PATIENCE).until(() -> told.contains("2"));
      assertThat(told).doesNotContain("1");
      one.subscription().close();
      two.subscription().close();
      await().atMost(House.PATIENCE).until(() -> server.listening.size() == 1);
    }
  }

  @Test
  void cancellingClosesTheStreamOfTheCallAndSaysNothingElse() {
    server.answers.put(
        "tools/call", (request, _) -> HttpServerScript.events(request).write(": working\n\n"));
    try (House house = new House(server.config("m"))) {
      house.awaitUp("m");
      Recorder recorder = new Recorder(false);
      var running = house.begin("m__echo", recorder);
      await().atMost(House.PATIENCE).until(() -> !server.seen("tools/call").isEmpty());
      int before = server.closed.get();
      recorder.cancel.complete("enough");
      assertThat(House.get(running).outcome()).isInstanceOf(Indeterminate.class);
      await().atMost(House.PATIENCE).until(() -> server.closed.get() > before);
      assertThat(server.seen("notifications/cancelled")).isEmpty();
    }
  }
}
