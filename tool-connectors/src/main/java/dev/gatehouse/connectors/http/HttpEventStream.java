package dev.gatehouse.connectors.http;

import dev.gatehouse.connectors.json.Json;
import dev.gatehouse.connectors.json.MalformedMessageException;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The GET stream on which a server says things unasked, such as that its tools changed. Opened
 * again whenever it ends; a server that offers none is left alone.
 */
final class HttpEventStream {

  private static final Duration REOPEN_MIN = Duration.ofSeconds(1);
  private static final Duration REOPEN_MAX = Duration.ofSeconds(30);

  private final HttpWire wire;
  private volatile boolean closed;
  private volatile @Nullable HttpClientRequest request;
  private Duration delay = REOPEN_MIN;
  private boolean reopened;

  HttpEventStream(HttpWire wire) {
    this.wire = wire;
  }

  void open() {
    if (!closed) {
      Requester.with(
          wire.endpoint().authorizer().request("GET", Optional.empty()).headers(), this::open);
    }
  }

  private void open(Map<String, String> credentials) {
    wire.endpoint()
        .get()
        .onComplete(
            fresh -> {
              request = fresh;
              // What breaks is told by the stages below; without this each reset would be logged.
              fresh.exceptionHandler(_ -> {});
              if (closed) {
                fresh.reset();
                return;
              }
              wire.identify(fresh);
              credentials.forEach(fresh::putHeader);
              fresh.send().onComplete(this::answered, _ -> reopen());
            },
            cause -> {
              if (!closed) {
                wire.events().retired(HttpEndpoint.reason(cause));
              }
            });
  }

  /** Ends it. Any thread. */
  void close() {
    closed = true;
    HttpClientRequest running = request;
    if (running != null) {
      running.reset();
    }
  }

  private void answered(HttpClientResponse response) {
    String type = response.getHeader("Content-Type");
    if (response.statusCode() != 200 || type == null || !type.startsWith("text/event-stream")) {
      response.resume();
      if (response.statusCode() >= 500) {
        reopen();
      }
      return; // 405, or whatever a server says that offers no stream
    }
    if (reopened) {
      wire.events().gap();
    }
    read(response);
  }

  private void read(HttpClientResponse response) {
    SseParser parser = new SseParser(wire.messageBytesMax(), new Received());
    response.handler(
        chunk -> {
          try {
            parser.feed(chunk);
          } catch (MalformedMessageException e) {
            response.request().reset();
          }
        });
    response.exceptionHandler(_ -> reopen());
    response.endHandler(_ -> reopen());
  }

  private void reopen() {
    if (closed) {
      return;
    }
    reopened = true;
    wire.vertx().setTimer(delay.toMillis(), _ -> open());
    delay = delay.multipliedBy(2).compareTo(REOPEN_MAX) > 0 ? REOPEN_MAX : delay.multipliedBy(2);
  }

  private final class Received implements SseParser.Events {

    @Override
    public void data(byte[] text) {
      delay = REOPEN_MIN;
      try {
        wire.events().received(Json.object(text, 0, text.length));
      } catch (MalformedMessageException e) {
        return; // what is no message says nothing
      }
    }

    @Override
    public void retry(Duration wanted) {
      delay = wanted.compareTo(REOPEN_MAX) > 0 ? REOPEN_MAX : wanted.plusMillis(1);
    }
  }
}
