package dev.gatehouse.connectors.stdio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.gatehouse.connectors.config.FlowLimits;
import dev.gatehouse.connectors.config.UpstreamLimits;
import dev.gatehouse.connectors.house.House;
import dev.gatehouse.connectors.house.HttpServerScript;
import dev.gatehouse.connectors.house.Recorder;
import dev.gatehouse.connectors.house.Scripted;
import dev.gatehouse.core.outcome.Outcome;
import dev.gatehouse.core.tool.ToolReply;
import io.vertx.core.Context;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EventLoopTest {

  @TempDir Path folder;

  @Test
  void anHttpCallStaysOnItsCallersEventLoop() {
    HttpServerScript server = new HttpServerScript();
    try (server;
        House house = new House(server.config("h"))) {
      house.awaitUp("h");
      for (Context loop : loops(house.vertx, 4)) {
        List<Thread> threads = new CopyOnWriteArrayList<>();
        CompletableFuture<ToolReply> done = new CompletableFuture<>();
        loop.runOnContext(
            _ -> {
              threads.add(Thread.currentThread());
              var _ =
                  house
                      .begin("h__echo", new Recorder(false))
                      .thenAccept(
                          reply -> {
                            threads.add(Thread.currentThread());
                            done.complete(reply);
                          });
            });
        assertThat(House.get(done).outcome()).isInstanceOf(Outcome.Completed.class);
        assertThat(threads).hasSize(2);
        assertThat(threads.getFirst()).isSameAs(threads.getLast());
      }
    }
  }

  @Test
  void aChildThatDoesNotReadNeverBlocksItsCallerAndIsEnded() {
    Scripted server = new Scripted(folder, "s");
    UpstreamLimits limits = new UpstreamLimits(1 << 20, 1 << 20, 100, 10, 100_000, 8);
    try (House house = new House(server.config("s", "plain").with(limits))) {
      house.awaitUp("s");
      CompletableFuture<ToolReply> deaf = house.begin("s__deaf", new Recorder(false));
      await().atMost(House.PATIENCE).until(() -> server.received().contains("\"deaf\""));
      List<CompletableFuture<ToolReply>> calls = new ArrayList<>();
      var connector = house.connector("s");
      var grant = house.grant("s__echo", Map.of(), House.PATIENCE);
      long began = System.nanoTime();
      for (int i = 0; i < FlowLimits.DEFAULTS.waitingMessagesMax() + 1_000; i++) {
        calls.add(connector.execute(grant, new Recorder(false)).toCompletableFuture());
      }
      assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(10));
      Outcome last = House.get(calls.getLast()).outcome();
      assertThat(((Outcome.Failed) last).kind()).isEqualTo("connector_busy");
      assertThat(deaf).isNotDone();

      house.connectors.replace(List.of());

      assertThat(House.get(deaf).outcome()).isInstanceOf(Outcome.Indeterminate.class);
      List<Outcome> outcomes = calls.stream().map(call -> House.get(call).outcome()).toList();
      assertThat(outcomes).noneMatch(outcome -> outcome instanceof Outcome.Completed);
      assertThat(outcomes)
          .as("some were still queued when it was over: certainly not executed")
          .anyMatch(
              outcome ->
                  outcome instanceof Outcome.Failed failed
                      && failed.kind().equals("connector_down"));
    }
  }

  /** The contexts of that many verticles, as the gateway deploys them. */
  private static List<Context> loops(Vertx vertx, int count) {
    List<Context> contexts = new CopyOnWriteArrayList<>();
    House.get(
        vertx
            .deployVerticle(
                () ->
                    new VerticleBase() {
                      @Override
                      public Future<?> start() {
                        contexts.add(context);
                        return Future.succeededFuture();
                      }
                    },
                new DeploymentOptions().setInstances(count))
            .toCompletionStage()
            .toCompletableFuture());
    return contexts;
  }
}
