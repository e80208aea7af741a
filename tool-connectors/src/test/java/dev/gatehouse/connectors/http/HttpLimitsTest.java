package dev.gatehouse.connectors.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.gatehouse.connectors.config.FlowLimits;
import dev.gatehouse.connectors.config.UpstreamLimits;
import dev.gatehouse.connectors.house.House;
import dev.gatehouse.connectors.house.HttpServerScript;
import dev.gatehouse.connectors.house.Recorder;
import dev.gatehouse.connectors.offer.ListKind;
import dev.gatehouse.core.outcome.Outcome;
import dev.gatehouse.core.outcome.Outcome.Completed;
import dev.gatehouse.core.outcome.Outcome.Failed;
import dev.gatehouse.core.outcome.Outcome.Indeterminate;
import dev.gatehouse.core.tool.ConnectorHealth;
import dev.gatehouse.core.tool.ToolReply;
import io.vertx.core.http.HttpServerRequest;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What an upstream over HTTP may take and give, at the limit and beyond. */
class HttpLimitsTest {

  private final HttpServerScript server = new HttpServerScript();

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void aStreamIsResumedNoMoreThanSoOften() {
    FlowLimits defaults = FlowLimits.DEFAULTS;
    FlowLimits two = new FlowLimits(1, 1, 1, 2, defaults.postsMax(), 1, 1_024, 1, 1, 1);
    server.call =
        (request, id) ->
            HttpServerScript.events(request).end("id: " + id + "\nretry: 10\ndata:\n\n");
    AtomicInteger resumed = new AtomicInteger();
    server.intercept =
        request -> {
          if (request.getHeader("Last-Event-ID") == null) {
            return false;
          }
          HttpServerScript.events(request).end("id: " + resumed.incrementAndGet() + "\ndata:\n\n");
          return true;
        };
    try (House house = new House(server.config("h").with(UpstreamLimits.DEFAULTS.with(two)))) {
      house.awaitUp("h");
      assertThat(house.call("h__echo").outcome()).isInstanceOf(Outcome.Indeterminate.class);
      assertThat(resumed).hasValue(2);
    }
  }

  @Test
  void soManyNotificationsAreOnTheirWayAtOnce() {
    FlowLimits one = new FlowLimits(1, 1, 1, 1, 1, 1, 1_024, 1, 1, 1);
    List<HttpServerRequest> held = new CopyOnWriteArrayList<>();
    server.call = (_, _) -> {}; // never answered, so that giving up is told
    try (House house = new House(server.config("h").with(UpstreamLimits.DEFAULTS.with(one)))) {
      house.awaitUp("h");
      server.intercept =
          request -> {
            boolean told = server.seen.getLast().body().contains("notifications/cancelled");
            return told && held.add(request);
          };
      giveUp(house);
      await().atMost(House.PATIENCE).until(() -> held.size() == 1);
      giveUp(house); // is not told: one is on its way
      held.getFirst().response().setStatusCode(202).end();
      await()
          .atMost(House.PATIENCE)
          .until(
              () -> {
                giveUp(house);
                return held.size() == 2;
              });
      assertThat(server.count("tools/call")).isGreaterThan(held.size());
    }
  }

  @Test
  void aToolsNameIsTakenUpToItsLimit() {
    String limit = "n".repeat(ListKind.NAME_LENGTH_MAX);
    server.tools = "[{\"name\":\"" + limit + "\"},{\"name\":\"" + limit + "n\"},{\"name\":\"\"},7]";
    try (House house = new House(server.config("h"))) {
      house.awaitUp("h");
      assertThat(house.connectors.tools()).hasSize(1);
      assertThat(house.connectors.tools().getFirst().upstreamName()).isEqualTo(limit);
    }
  }

  @Test
  void anAnswerOverTheLimitIsDiscardedAtTheLimitItIsTaken() {
    int limit = 4_096;
    UpstreamLimits limits = new UpstreamLimits(limit, 1 << 20, 100, 10, 10, 8);
    try (House house = new House(server.config("h").with(limits))) {
      house.awaitUp("h");
      server.call = (request, id) -> HttpServerScript.json(request, padded(id, limit));
      assertThat(house.call("h__echo").outcome()).isInstanceOf(Completed.class);
      server.call = (request, id) -> HttpServerScript.json(request, padded(id, limit + 1));
      Outcome outcome = house.call("h__echo").outcome();
      assertThat(outcome).isInstanceOf(Indeterminate.class);
      assertThat(((Indeterminate) outcome).reason()).contains("messageBytesMax (4096)");
    }
  }

  @Test
  void callsBeyondTheLimitAreRefusedUnsent() {
    server.call = (_, _) -> {};
    UpstreamLimits limits = new UpstreamLimits(1 << 20, 1 << 20, 100, 10, 2, 8);
    try (House house = new House(server.config("h").with(limits))) {
      house.awaitUp("h");
      CompletableFuture<ToolReply> first = house.begin("h__echo", new Recorder(false));
      CompletableFuture<ToolReply> second = house.begin("h__echo", new Recorder(false));
      Outcome third = house.call("h__echo").outcome();
      assertThat(third).isInstanceOf(Failed.class);
      assertThat(((Failed) third).kind()).isEqualTo("connector_busy");
      assertThat(((Failed) third).message()).contains("callsMax", "2");
      assertThat(List.of(first, second)).noneMatch(CompletableFuture::isDone);
    }
  }

  @Test
  void pagesAreFollowedUntilALimit() {
    server.nextCursor = "two";
    try (House house = new House(server.config("h"))) {
      house.awaitUp("h");
      assertThat(house.names()).containsExactly("h__echo", "h__first");
    }
    UpstreamLimits onePage = new UpstreamLimits(1 << 20, 1 << 20, 100, 1, 10, 8);
    UpstreamLimits oneTool = new UpstreamLimits(1 << 20, 1 << 20, 1, 10, 10, 8);
    UpstreamLimits twoTools = new UpstreamLimits(1 << 20, 1 << 20, 2, 2, 10, 8);
    assertRefused(onePage, "pagesMax (1)");
    assertRefused(oneTool, "toolsMax (1)");
    try (House house = new House(server.config("h").with(twoTools))) {
      house.awaitUp("h");
    }
    server.tools = "[{\"name\":\"echo\",\"description\":\"" + "x".repeat(1_024) + "\"}]";
    assertRefused(new UpstreamLimits(1 << 20, 1_024, 100, 10, 10, 8), "definitionBytesMax (1024)");
    server.nextCursor = "loop";
    server.tools = "[]";
    assertRefused(UpstreamLimits.DEFAULTS, "same cursor twice");
  }

  private void giveUp(House house) {
    long before = server.count("tools/call");
    Recorder recorder = new Recorder(false);
    var running = house.begin("h__echo", recorder);
    await().atMost(House.PATIENCE).until(() -> server.count("tools/call") > before);
    recorder.cancel.complete("enough");
    House.get(running);
  }

  private void assertRefused(UpstreamLimits limits, String why) {
    try (House house = new House(server.config("h").with(limits))) {
      house.awaitState("h", ConnectorHealth.State.DOWN);
      assertThat(house.connector("h").health().detail()).contains(why);
      assertThat(house.names()).isEmpty();
    }
  }

  private static String padded(Object id, int length) {
    String empty = HttpServerScript.result(id, "{\"content\":[],\"pad\":\"\"}");
    return HttpServerScript.result(
        id, "{\"content\":[],\"pad\":\"" + "x".repeat(length - empty.length()) + "\"}");
  }
}
