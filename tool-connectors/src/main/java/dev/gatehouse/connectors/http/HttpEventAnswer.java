package dev.gatehouse.connectors.http;

import dev.gatehouse.connectors.json.MalformedMessageException;
import dev.gatehouse.connectors.rpc.PendingCall;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import java.time.Duration;
import java.util.Optional;

/**
 * The event stream that answers a POST. Where the server lets go of it early, the POST's {@link
 * HttpTurn} may know how it goes on. All of it happens on the event loop of the request.
 */
final class HttpEventAnswer implements SseParser.Events, CutStream {

  /** How long a stream may stay open after it brought the answer. */
  private static final Duration LINGER = Duration.ofSeconds(2);

  private final HttpWire wire;
  private final HttpExchange exchange;
  private final PendingCall call;
  private boolean over;
  private String lastEventId = "";
  private Optional<Duration> retry = Optional.empty();

  HttpEventAnswer(HttpWire wire, HttpExchange exchange) {
    this.wire = wire;
    this.exchange = exchange;
    this.call = exchange.call();
  }

  /** Reads the stream to its end. */
  void read(HttpClientResponse response) {
    over = false;
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
    retry = Optional.of(delay);
  }

  private void abortUnlessEnded() {
    if (!over) {
      exchange.abort();
    }
  }

  private void ended(SseParser parser) {
    over = true;
    if (!parser.lastEventId().isEmpty()) {
      lastEventId = parser.lastEventId();
    }
    if (call.settled()) {
      wire.ended(call);
    } else if (!exchange.turn().resume(this)) {
      lost("the event stream ended without the answer");
    }
  }

  @Override
  public String lastEventId() {
    return lastEventId;
  }

  @Override
  public Optional<Duration> retry() {
    return retry;
  }

  @Override
  public boolean wanted() {
    boolean wanted = !exchange.over();
    if (!wanted) {
      wire.ended(call);
    }
    return wanted;
  }

  @Override
  public void goOn(HttpClientRequest request) {
    over = false;
    exchange.running(request);
  }

  @Override
  public void goOn(HttpClientResponse response) {
    read(response);
  }

  @Override
  public void lost(String why) {
    exchange.lost(why);
  }

  @Override
  public void lostConnection() {
    exchange.lostConnection();
  }
}
