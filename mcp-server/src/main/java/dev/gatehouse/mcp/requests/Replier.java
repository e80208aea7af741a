package dev.gatehouse.mcp.requests;

import dev.gatehouse.mcp.http.Exchange;
import dev.gatehouse.mcp.http.Outlet;
import dev.gatehouse.mcp.http.Outlets;
import dev.gatehouse.mcp.http.Timers;
import dev.gatehouse.mcp.jsonrpc.MessageWriter;
import dev.gatehouse.mcp.jsonrpc.RequestId;
import dev.gatehouse.mcp.jsonrpc.RpcError;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The way back to the client that sent one request: notifications first, then one result or error.
 *
 * <p>A reply is plain JSON until a notification precedes it; then it is a stream of events. Lives
 * on the request's loop; {@link #run} and {@link #await} lead there from any thread.
 */
public final class Replier {

  private final Exchange exchange;
  private final RequestId id;
  private final Era era;
  private final Timers timers;
  private final Runnable done;
  private final Optional<Asker> asker;
  private final Outlets outlets;
  private final boolean takesEvents;
  private final boolean takesJson;
  private final CompletableFuture<String> cancelled = new CompletableFuture<>();
  private @Nullable Outlet stream;
  private Timers.@Nullable Timer quiet;
  private boolean answered;
  private boolean over;
  private boolean reached;

  /**
   * @param done runs once, when the operation has answered or given up
   */
  public Replier(Exchange exchange, RequestId id, Era era, Timers timers, Runnable done) {
    this(exchange, id, era, timers, done, Optional.empty(), Outlets.PLAIN);
  }

  /**
   * @param asker puts questions to the client; empty where they travel in results
   * @param outlets how the response becomes a stream
   */
  public Replier(
      Exchange exchange,
      RequestId id,
      Era era,
      Timers timers,
      Runnable done,
      Optional<Asker> asker,
      Outlets outlets) {
    this.asker = asker;
    this.outlets = outlets;
    this.exchange = exchange;
    this.id = id;
    this.era = era;
    this.timers = timers;
    this.done = done;
    takesEvents = exchange.accepts("text/event-stream");
    takesJson = exchange.accepts("application/json");
  }

  /** The request's id. */
  public RequestId id() {
    return id;
  }

  /** Whether notifications reach the client. */
  public boolean streams() {
    return takesEvents;
  }

  /** Runs a task on the request's loop. */
  public void run(Runnable task) {
    exchange.run(task);
  }

  /** Continues on the request's loop when the stage completes. */
  public <T> void await(
      CompletionStage<T> stage, BiConsumer<@Nullable T, @Nullable Throwable> then) {
    exchange.await(stage, then);
  }

  /** Runs a task on the request's loop after a while. */
  public Timers.Timer after(Duration delay, Runnable task) {
    return timers.after(delay, () -> exchange.run(task));
  }

  /**
   * Has the task run if the client goes away before it has its answer. One that can come back to
   * the stream has not gone.
   */
  public void onGone(Runnable task) {
    exchange.onGone(
        () -> {
          if (stream == null || !outlets.outliveConnections()) {
            task.run();
          }
        });
  }

  /** Has the task run on the loop after that while, if the response is not complete by then. */
  public void onExpiry(Duration delay, Runnable task) {
    exchange.onExpiry(delay, task);
  }

  /** Completes with the reason, on the loop, when the client cancels the request. */
  public CompletionStage<String> cancelled() {
    return cancelled;
  }

  /** Whether the client cancelled the request. */
  public boolean isCancelled() {
    return cancelled.isDone();
  }

  /** The client cancels the request; called on the loop. */
  public void cancel(String reason) {
    cancelled.complete(reason);
  }

  /**
   * Turns the response into a stream of events if there is no answer by then: its comments keep the
   * connection from looking idle while a call takes long.
   */
  public void streamAfter(Duration delay) {
    if (takesEvents && !answered && stream == null) {
      quiet =
          after(
              outlets.openAfter(delay),
              () -> {
                if (!answered && !cancelled.isDone()) {
                  var _ = streaming();
                }
              });
    }
  }

  /** Sends a notification; drops it when the client takes none, was answered or cancelled. */
  public void notify(String method, Map<String, Object> params) {
    if (takesEvents && !answered && !cancelled.isDone() && streaming()) {
      stream().send(MessageWriter.notification(method, params));
    }
  }

  /** Who puts questions to this client while the request waits; empty where results ask. */
  public Optional<Asker> asker() {
    return asker;
  }

  /** Sends a request of ours; false when this response takes none. */
  public boolean send(byte[] request) {
    if (!takesEvents || answered || cancelled.isDone() || !streaming()) {
      return false;
    }
    stream().send(request);
    return true;
  }

  /** Answers with a result. */
  public void result(Map<String, Object> result) {
    answer(200, MessageWriter.result(id, era.shape(result)));
  }

  /**
   * Answers with something that is not yet the result, of a type such as {@code input_required}.
   */
  public void interim(String type, Map<String, Object> result) {
    Map<String, Object> shaped = new LinkedHashMap<>(result);
    shaped.put("resultType", type);
    Object meta = era.shape(result).get("_meta");
    if (meta != null) {
      shaped.put("_meta", meta);
    }
    answer(200, MessageWriter.result(id, shaped));
  }

  /** Answers with an error of the operation. */
  public void error(RpcError error) {
    byte[] message = MessageWriter.error(Optional.of(id), era.shape(error));
    if (error.code() == RpcError.INSUFFICIENT_SCOPE && stream == null && !answered) {
      forbid(error, message);
    } else {
      answer(era.status(error), message);
    }
  }

  /** The status and header by which OAuth clients know that another token would do. */
  private void forbid(RpcError error, byte[] message) {
    answered = true;
    if (error.data().get("scopes") instanceof List<?> needed) {
      exchange.insufficient(needed.stream().map(String::valueOf).toList());
    }
    reached = !exchange.finished();
    exchange.reply(403, message);
    over();
  }

  /** Says whether the answer was sent to a client that is there, and when it comes back for it. */
  public void report(Delivery delivery) {
    if (reached) {
      delivery.delivered();
      return;
    }
    delivery.lost();
    if (stream != null) {
      stream.whenResumed(delivery::delivered);
    }
  }

  /** Ends the response without an answer, as for a cancelled request. */
  public void silence() {
    if (!answered && streaming()) {
      answered = true;
      stream().end();
    }
    over();
  }

  private void answer(int status, byte[] message) {
    if (answered) {
      return;
    }
    if (stream == null && takesJson) {
      answered = true;
      reached = !exchange.finished();
      exchange.reply(status, message);
    } else if (streaming()) {
      answered = true;
      stream().send(message);
      reached = stream().connected();
      stream().end();
    }
    over();
  }

  private boolean streaming() {
    if (stream == null) {
      stream = outlets.open(exchange);
    }
    return stream != null;
  }

  private Outlet stream() {
    return Objects.requireNonNull(stream);
  }

  private void over() {
    if (!over) {
      over = true;
      answered = true;
      if (quiet != null) {
        quiet.cancel();
      }
      done.run();
    }
  }
}
