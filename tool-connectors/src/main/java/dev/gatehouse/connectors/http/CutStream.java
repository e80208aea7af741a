package dev.gatehouse.connectors.http;

import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import java.time.Duration;
import java.util.Optional;

/**
 * An event stream that ended before it brought the answer to its request. For the event loop of the
 * request.
 */
public interface CutStream {

  /** The id of the latest event that had one; empty when none had. */
  String lastEventId();

  /** How long to wait before reconnecting, as the server asked. */
  Optional<Duration> retry();

  /** Whether anybody still waits for the answer; frees what the request holds when nobody does. */
  boolean wanted();

  /** It may go on in the answer to that request, which whoever gives the call up resets. */
  void goOn(HttpClientRequest request);

  /** It goes on in this response. */
  void goOn(HttpClientResponse response);

  /** No usable answer will come. */
  void lost(String why);

  /** The connection broke. */
  void lostConnection();
}
