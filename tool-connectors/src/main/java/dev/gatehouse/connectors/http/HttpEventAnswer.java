package dev.gatehouse.connectors.http;

import dev.gatehouse.connectors.json.MalformedMessageException;
import dev.gatehouse.connectors.rpc.PendingCall;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import java.time.Duration;
import java.util.Map;

/**
 * The event stream that answers a POST. In the old era it is resumed by a GET where the server lets
 * go of it early (MCP 2025-11-25, "Resumability and Redelivery"). All of it happens on the event
 * loop of the request.
 */
final class HttpEventAnswer implements SseParser.Events {

  private static final Duration RESUME_DELAY_MIN = Duration.ofMillis(50);
  private static final Duration RESUME_DELAY_MAX = Duration.ofSeconds(10);

  /** How long a stream may stay open after it brought the answer. */
  private static final Duration LINGER = Duration.ofSeconds(2);

  private final HttpWire wire;
  private final HttpExchange exchange;
  private final PendingCall call;
  private boolean over;
  private int resumes;
  private String resumeAt = "";
  private Duration resumeDelay = Duration.ofSeconds(1);

  HttpEventAnswer(HttpWire wire, HttpExchange exchange) {
    this.wire = wire;
    this.exchange = exchange;
    this.call = exchange.call();
  }

  /** Reads the stream to its end. */
  void read(HttpClientResponse response) {
    SseParser parser = new SseParser(wire.messageBytesMax(), this);
    response.exceptionHandler(_ -> ended(parser));
    response.endHandler(_ -> ended(parser));
    response.handler(
        chunk -> {
          try {
            parser.feed(chunk);
          } catch (MalformedMessageException e) {
            exchange.lost(e.reason());
            exchange.abort();
          }
        });
  }

  @Override
  public void data(byte[] text) {
    boolean before = call.settled();
    exchange.receive(text);
    if (!before && call.settled()) {
      // The server should end the stream now; a connection that lingers is not held for it.
      wire.vertx().setTimer(LINGER.toMillis(), _ -> abortUnlessEnded());
    }
  }

  @Override
  public void retry(Duration delay) {
    resumeDelay = delay.compareTo(RESUME_DELAY_MAX) > 0 ? RESUME_DELAY_MAX : delay;
  }

  private void abortUnlessEnded() {
    if (!over) {
      exchange.abort();
    }
  }

  private void ended(SseParser parser) {
    over = true;
    if (!parser.lastEventId().isEmpty()) {
      resumeAt = parser.lastEventId();
    }
    if (call.settled()) {
      wire.ended(call);
    } else if (call.envelope().standsAlone()
        || resumeAt.isEmpty()
        || resumes++ >= wire.limits().flow().resumesMax()) {
      exchange.lost("the event stream ended without the answer");
    } else {
      long delay = Math.max(RESUME_DELAY_MIN.toMillis(), resumeDelay.toMillis());
      wire.vertx().setTimer(delay, _ -> resume());
    }
  }

  private void resume() {
    if (exchange.over()) {
      wire.ended(call);
      return;
    }
    Requester.with(
        wire.endpoint().authorizer().request("GET", HttpExchange.agent(call)).headers(),
        credentials ->
            wire.endpoint()
                .get()
                .onComplete(fresh -> resume(fresh, credentials), _ -> exchange.lostConnection()));
  }

  private void resume(HttpClientRequest fresh, Map<String, String> credentials) {
    exchange.running(fresh);
    over = false;
    wire.identify(fresh);
    credentials.forEach(fresh::putHeader);
    fresh.putHeader("Last-Event-ID", resumeAt);
    fresh.send().onComplete(this::resumed, _ -> exchange.lostConnection());
  }

  private void resumed(HttpClientResponse response) {
    if (response.statusCode() == 200
        && HttpExchange.type(response).startsWith("text/event-stream")) {
      read(response);
    } else {
      response.resume();
      exchange.lost("the server does not resume the event stream: HTTP " + response.statusCode());
    }
  }
}
