package dev.gatehouse.mcp.http;

import dev.gatehouse.mcp.jsonrpc.RpcError;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import java.time.Duration;
import java.util.function.Consumer;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/** Reads one request body within its size and its time, and refuses the request beyond either. */
public final class BodyReader {

  private final Exchange exchange;
  private final IntPredicate room;
  private final int bytesMax;
  private final Duration timeout;
  private @Nullable Buffer body;
  private boolean over;
  private Timers.@Nullable Timer limit;

  private BodyReader(Exchange exchange, IntPredicate room) {
    this.exchange = exchange;
    this.room = room;
    bytesMax = exchange.config().limits().bodyBytesMax();
    timeout = exchange.config().times().bodyTimeout();
  }

  /**
   * Hands over the body, on the exchange's loop; not when it was refused.
   *
   * @param room asked for that many further bytes; false refuses the request
   */
  public static void read(Exchange exchange, IntPredicate room, Consumer<byte[]> then) {
    String type = exchange.header(HttpHeaders.CONTENT_TYPE);
    if (type == null || !MediaTypes.isJson(type)) {
      exchange.refuse(415, RpcError.invalidRequest("Content-Type must be application/json"));
      return;
    }
    new BodyReader(exchange, room).read(then);
  }

  private void read(Consumer<byte[]> then) {
    HttpServerRequest request = exchange.request();
    if (declaredBytes(request) > bytesMax) {
      tooLong();
      return;
    }
    limit = exchange.timers().after(timeout, () -> exchange.run(this::tooSlow));
    request.exceptionHandler(_ -> stop());
    request.handler(this::chunk);
    request.endHandler(
        _ -> {
          if (!over) {
            stop();
            byte[] whole = body == null ? new byte[0] : body.getBytes();
            exchange.run(() -> then.accept(whole));
          }
        });
  }

  private void chunk(Buffer chunk) {
    if (over) {
      return;
    }
    if (chunk.length() + (body == null ? 0 : body.length()) > bytesMax) {
      stop();
      tooLong();
    } else if (!room.test(chunk.length())) {
      stop();
      noRoom();
    } else if (body == null) {
      body = chunk;
    } else {
      body = body.appendBuffer(chunk);
    }
  }

  private void tooLong() {
    body = null;
    exchange.refuse(
        413,
        RpcError.invalidRequest("the body is longer than bodyBytesMax " + bytesMax + " bytes"));
  }

  private void noRoom() {
    body = null;
    exchange.putHeader("Retry-After", "1");
    exchange.refuse(
        429,
        RpcError.invalidRequest(
            "the bodies of this agent's requests in progress reach bodyBytesPerAgentMax "
                + exchange.config().limits().bodyBytesPerAgentMax()));
  }

  private void tooSlow() {
    if (!over) {
      stop();
      exchange.putHeader("connection", "close");
      exchange.refuse(
          408, RpcError.invalidRequest("the body was not complete within bodyTimeout " + timeout));
    }
  }

  private void stop() {
    over = true;
    if (limit != null) {
      limit.cancel();
    }
  }

  private static long declaredBytes(HttpServerRequest request) {
    String length = request.getHeader(HttpHeaders.CONTENT_LENGTH);
    try {
      return length == null ? 0 : Long.parseLong(length);
    } catch (NumberFormatException e) {
      return Long.MAX_VALUE;
    }
  }
}
