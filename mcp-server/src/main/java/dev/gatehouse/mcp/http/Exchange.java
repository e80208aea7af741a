package dev.gatehouse.mcp.http;

import dev.gatehouse.core.registry.Challenge;
import dev.gatehouse.mcp.config.McpConfig;
import dev.gatehouse.mcp.http.Timers.Timer;
import dev.gatehouse.mcp.jsonrpc.MessageWriter;
import dev.gatehouse.mcp.jsonrpc.RequestId;
import dev.gatehouse.mcp.jsonrpc.RpcError;
import io.vertx.core.Context;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.net.impl.ConnectionBase;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One HTTP request and its response. Lives on one event loop: everything but {@link #run} and
 * {@link #await} is called there.
 */
public final class Exchange {

  private static final Logger LOG = LoggerFactory.getLogger(Exchange.class);
  private static final CharSequence NO_STORE = HttpHeaders.createOptimized("no-store");
  private static final CharSequence JSON = HttpHeaders.createOptimized("application/json");

  private static final String WWW_AUTHENTICATE = "WWW-Authenticate";

  /** RFC 9113, section 7: the stream is no longer needed. */
  private static final long CANCEL = 0x8;

  private static final long DRAIN_BYTES_MAX = 32L << 20;
  private static final Duration DRAIN_TIMEOUT = Duration.ofSeconds(5);

  private final HttpServerRequest request;
  private final McpConfig config;
  private final Timers timers;
  private final Context context;
  private final long loopThread;
  private final List<Runnable> gone = new ArrayList<>(2);
  private Challenge challenge = Challenge.KEYS;
  private @Nullable Runnable over;
  private @Nullable Timer expiry;
  private boolean answered;
  private boolean closed;

  /** Called on the request's event loop. */
  public Exchange(HttpServerRequest request, McpConfig config, Timers timers, Context context) {
    this.request = request;
    this.config = config;
    this.timers = timers;
    this.context = context;
    loopThread = Thread.currentThread().threadId();
    request.response().closeHandler(_ -> peerGone());
    request.response().exceptionHandler(_ -> peerGone());
  }

  /** The settings in force when the request came in. */
  public McpConfig config() {
    return config;
  }

  /** The first header of that name. */
  public @Nullable String header(CharSequence name) {
    return request.headers().get(name);
  }

  /** The request itself, for reading its body. */
  HttpServerRequest request() {
    return request;
  }

  HttpServerResponse response() {
    return request.response();
  }

  Timers timers() {
    return timers;
  }

  /** Whether the client takes that media type. */
  public boolean accepts(String type) {
    String accept = request.headers().get(HttpHeaders.ACCEPT);
    return accept == null
        || MediaTypes.accepts(
            accept.length() == 0 ? "*/*" : String.join(",", request.headers().getAll("accept")),
            type);
  }

  /** Runs a task on this exchange's loop: at once when already there. */
  public void run(Runnable task) {
    if (Thread.currentThread().threadId() == loopThread) {
      guarded(task);
    } else {
      context.runOnContext(_ -> guarded(task));
    }
  }

  /** Runs a task that must not fail; if it does, the client is told no more than that. */
  private void guarded(Runnable task) {
    try {
      task.run();
    } catch (RuntimeException e) {
      LOG.error("a request failed", e);
      reply(500, Optional.empty(), RpcError.internal("the server failed; its log says how"));
    }
  }

  /** Continues on this exchange's loop when the stage completes. */
  public <T> void await(
      CompletionStage<T> stage, BiConsumer<@Nullable T, @Nullable Throwable> then) {
    var _ = stage.whenComplete((value, error) -> run(() -> then.accept(value, error)));
  }

  /** Has the task run, on the loop, if the client goes away before the response is complete. */
  public void onGone(Runnable task) {
    if (closed) {
      task.run();
    } else {
      gone.add(task);
    }
  }

  /** Has the task run once, on the loop, when the response is complete or the client has gone. */
  public void onOver(Runnable task) {
    over = task;
  }

  /** Whether nothing more can be sent. */
  public boolean finished() {
    return answered || closed;
  }

  /**
   * Has the task run, on the loop, after that while, unless the response is complete by then or the
   * client has gone; for what must not go on for longer than the credential is good.
   */
  public void onExpiry(Duration delay, Runnable task) {
    if (!closed) {
      expiry = timers.after(delay.isPositive() ? delay : Duration.ofMillis(1), () -> run(task));
    }
  }

  /** Adds a response header. */
  public void putHeader(String name, String value) {
    response().putHeader(name, value);
  }

  /** What the client is told to bring when its credential does not do. */
  public void challenge(Challenge challenge) {
    this.challenge = challenge;
  }

  /** Adds the header that a 401 needs. */
  public void unauthenticated(boolean credentialShown) {
    putHeader(WWW_AUTHENTICATE, credentialShown ? challenge.invalid() : challenge.missing());
  }

  /** Adds the header that a 403 for lack of scopes needs. */
  public void insufficient(List<String> needed) {
    putHeader(WWW_AUTHENTICATE, challenge.insufficient(needed));
  }

  /** Sends the whole response. Does nothing when the client has gone. */
  public void reply(int status, byte[] json) {
    if (!begin(status)) {
      return;
    }
    response()
        .putHeader(HttpHeaders.CONTENT_TYPE, JSON)
        .putHeader(HttpHeaders.CACHE_CONTROL, NO_STORE)
        .end(Buffer.buffer(json));
    over();
  }

  /** Sends a response without a body. */
  public void reply(int status) {
    if (begin(status)) {
      response().end();
      over();
    }
  }

  /** Sends an error response. */
  public void reply(int status, Optional<RequestId> id, RpcError error) {
    reply(status, MessageWriter.error(id, error));
  }

  /** Refuses the request before its body was read; what still arrives is dropped, within bounds. */
  public void refuse(int status, RpcError error) {
    drain();
    reply(status, Optional.empty(), error);
  }

  /** Turns the response into a stream of events; null when the client has gone. */
  public @Nullable EventStream stream() {
    return begin(200) ? new EventStream(this) : null;
  }

  /**
   * Cuts the exchange off. Vert.x's own {@code close} first flushes what is queued, which never
   * ends with a peer that does not read, so the channel is closed below it.
   */
  void cut() {
    if (request.version() != HttpVersion.HTTP_2
        && request.connection() instanceof ConnectionBase connection) {
      var _ = connection.channelHandlerContext().close();
    } else {
      response().reset(CANCEL);
    }
  }

  private boolean begin(int status) {
    if (finished()) {
      return false;
    }
    answered = true;
    response().setStatusCode(status);
    return true;
  }

  private void drain() {
    if (request.isEnded()) {
      return;
    }
    Timer limit = timers.after(DRAIN_TIMEOUT, () -> run(this::cut));
    long[] bytes = {0};
    request.handler(
        chunk -> {
          bytes[0] += chunk.length();
          if (bytes[0] > DRAIN_BYTES_MAX) {
            cut();
          }
        });
    request.endHandler(_ -> limit.cancel());
    request.exceptionHandler(_ -> limit.cancel());
  }

  private void peerGone() {
    if (!closed) {
      closed = true;
      gone.forEach(Runnable::run);
      gone.clear();
      over();
    }
  }

  void over() {
    if (expiry != null) {
      expiry.cancel();
      expiry = null;
    }
    Runnable task = over;
    over = null;
    if (task != null) {
      task.run();
    }
  }
}
