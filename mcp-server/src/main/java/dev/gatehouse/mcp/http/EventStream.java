package dev.gatehouse.mcp.http;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A response of server-sent events, one JSON-RPC message each. Lives on its exchange's loop.
 *
 * <p>What the client does not read in time queues up to {@code streamQueueBytesMax}; beyond, the
 * connection is cut, so that a slow reader costs a bounded amount of memory.
 */
public final class EventStream implements Outlet {

  private static final byte[] BEFORE = "event: message\ndata: ".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] AFTER = "\n\n".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] COMMENT = ":\n\n".getBytes(StandardCharsets.US_ASCII);

  private final Exchange exchange;
  private long queuedBytes;
  private boolean ended;
  private Timers.@Nullable Timer keepAlive;

  EventStream(Exchange exchange) {
    this.exchange = exchange;
    exchange
        .response()
        .setChunked(true)
        .putHeader(HttpHeaders.CONTENT_TYPE, "text/event-stream")
        .putHeader(HttpHeaders.CACHE_CONTROL, "no-store")
        .putHeader("x-accel-buffering", "no");
    exchange.response().writeHead();
    exchange.onGone(this::over);
    keepAlive();
  }

  @Override
  public void send(byte[] json) {
    write(
        Buffer.buffer(BEFORE.length + json.length + AFTER.length)
            .appendBytes(BEFORE)
            .appendBytes(json)
            .appendBytes(AFTER));
  }

  /**
   * Sends a message that the client can name when it resumes the stream.
   *
   * @param id visible ASCII
   */
  public void send(String id, byte[] json) {
    write(
        Buffer.buffer(BEFORE.length + json.length + AFTER.length + id.length() + 5)
            .appendString("id: ")
            .appendString(id)
            .appendString("\n")
            .appendBytes(BEFORE)
            .appendBytes(json)
            .appendBytes(AFTER));
  }

  /** Sends no message, but a name to resume from and how long to wait before. */
  public void prime(String id, Duration retry) {
    write(Buffer.buffer("id: " + id + "\nretry: " + retry.toMillis() + "\ndata: \n\n"));
  }

  @Override
  public boolean connected() {
    return !ended;
  }

  @Override
  public void end() {
    if (!ended) {
      over();
      exchange.response().end();
      exchange.over();
    }
  }

  private void write(Buffer event) {
    if (ended) {
      return;
    }
    if (queuedBytes > exchange.config().limits().streamQueueBytesMax()) {
      over();
      exchange.cut();
      return;
    }
    int bytes = event.length();
    queuedBytes += bytes;
    exchange.response().write(event).onComplete(_ -> exchange.run(() -> queuedBytes -= bytes));
  }

  private void over() {
    ended = true;
    if (keepAlive != null) {
      keepAlive.cancel();
    }
  }

  private void keepAlive() {
    keepAlive =
        exchange
            .timers()
            .after(exchange.config().times().keepAlive(), () -> exchange.run(this::comment));
  }

  private void comment() {
    if (!ended) {
      write(Buffer.buffer(COMMENT));
      keepAlive();
    }
  }
}
