package dev.gatehouse.llm.adapter;

import io.vertx.core.Context;
import io.vertx.core.Handler;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.streams.ReadStream;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/**
 * A body that another thread pushes and an event loop reads. The thread waits while {@link
 * #WAITING_MAX} pieces are unread, so that a client that does not read slows its provider down.
 */
final class PushedBody implements ReadStream<Buffer> {

  /** Most pieces that wait to be read. */
  static final int WAITING_MAX = 64;

  private final Context loop;
  private final Semaphore room = new Semaphore(WAITING_MAX);
  private final Queue<Buffer> waiting = new ArrayDeque<>();
  private long demand = Long.MAX_VALUE;
  private boolean ended;
  private boolean told;
  private @Nullable Throwable failure;
  private @Nullable Handler<Buffer> handler;
  private @Nullable Handler<Void> endHandler;
  private @Nullable Handler<Throwable> exceptionHandler;

  PushedBody(Context loop) {
    this.loop = loop;
  }

  /** Hands a piece over; waits for room. */
  void push(Buffer piece) throws InterruptedException {
    room.acquire();
    loop.runOnContext(
        _ -> {
          waiting.add(piece);
          deliver();
        });
  }

  /** That was all. */
  void finish() {
    loop.runOnContext(
        _ -> {
          ended = true;
          deliver();
        });
  }

  /** It broke off. */
  void fail(Throwable cause) {
    loop.runOnContext(
        _ -> {
          failure = cause;
          ended = true;
          deliver();
        });
  }

  private void deliver() {
    while (demand > 0 && handler != null && !waiting.isEmpty()) {
      demand -= demand == Long.MAX_VALUE ? 0 : 1;
      Buffer piece = waiting.remove();
      room.release();
      handler.handle(piece);
    }
    if (ended && waiting.isEmpty() && demand > 0 && handler != null && !told) {
      told = true;
      if (failure != null && exceptionHandler != null) {
        exceptionHandler.handle(failure);
      } else if (failure == null && endHandler != null) {
        endHandler.handle(null);
      }
    }
  }

  @Override
  public ReadStream<Buffer> handler(@Nullable Handler<Buffer> made) {
    handler = made;
    if (made != null) {
      // the other handlers are set in the same breath
      loop.runOnContext(_ -> deliver());
    }
    return this;
  }

  @Override
  public ReadStream<Buffer> pause() {
    demand = 0;
    return this;
  }

  @Override
  public ReadStream<Buffer> resume() {
    return fetch(Long.MAX_VALUE);
  }

  @Override
  public ReadStream<Buffer> fetch(long amount) {
    demand = amount == Long.MAX_VALUE ? amount : demand + amount;
    loop.runOnContext(_ -> deliver());
    return this;
  }

  @Override
  public ReadStream<Buffer> endHandler(@Nullable Handler<Void> made) {
    endHandler = made;
    return this;
  }

  @Override
  public ReadStream<Buffer> exceptionHandler(@Nullable Handler<Throwable> made) {
    exceptionHandler = made;
    return this;
  }
}
