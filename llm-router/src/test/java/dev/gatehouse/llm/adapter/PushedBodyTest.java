package dev.gatehouse.llm.adapter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A reader that does not read stops whoever pushes. */
class PushedBodyTest {

  private final Vertx vertx = Vertx.vertx();
  private final Context loop = vertx.getOrCreateContext();
  private final PushedBody body = new PushedBody(loop);
  private final List<String> read = new CopyOnWriteArrayList<>();
  private final AtomicBoolean ended = new AtomicBoolean();

  @AfterEach
  void close() throws Exception {
    vertx.close().toCompletionStage().toCompletableFuture().get();
  }

  private void listen() {
    loop.runOnContext(
        _ -> {
          body.handler(piece -> read.add(piece.toString()));
          body.endHandler(_ -> ended.set(true));
        });
  }

  @Test
  void aPauseHoldsTheWriterAtTheLimitAndAResumeLetsGo() {
    AtomicInteger pushed = new AtomicInteger();
    loop.runOnContext(_ -> body.pause());
    listen();
    int all = PushedBody.WAITING_MAX * 2;
    Thread writer =
        Thread.startVirtualThread(
            () -> {
              try {
                for (int i = 0; i < all; i++) {
                  body.push(Buffer.buffer("" + i));
                  pushed.incrementAndGet();
                }
                body.finish();
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
            });
    await().atMost(Duration.ofSeconds(20)).until(() -> pushed.get() == PushedBody.WAITING_MAX);
    await().atMost(Duration.ofSeconds(20)).until(() -> writer.getState() == Thread.State.WAITING);
    assertThat(read).isEmpty();
    assertThat(pushed.get()).isEqualTo(PushedBody.WAITING_MAX);

    loop.runOnContext(_ -> body.resume());

    await().atMost(Duration.ofSeconds(20)).untilTrue(ended);
    assertThat(read).hasSize(all).startsWith("0", "1").endsWith("" + (all - 1));
  }

  @Test
  void whatBrokeOffSaysSoAfterWhatCameBefore() throws Exception {
    AtomicBoolean failed = new AtomicBoolean();
    listen();
    loop.runOnContext(_ -> body.exceptionHandler(_ -> failed.set(read.size() == 1)));

    body.push(Buffer.buffer("a"));
    body.fail(new IOException("cut"));

    await().atMost(Duration.ofSeconds(20)).untilTrue(failed);
    assertThat(ended.get()).isFalse();
  }
}
