package dev.gatehouse.connectors.http;

import io.vertx.core.http.HttpClientResponse;
import java.util.Map;

/**
 * A conversation's part in one POST and its answer. Its methods return at once and are called on
 * the event loop of the request.
 */
public interface HttpTurn {

  /** Headers of the POST, asked for whenever it leaves. */
  Map<String, String> headers();

  /** The answer has begun. */
  void answered(HttpClientResponse response);

  /**
   * Whether the server turned the POST away because it does not know the conversation any more.
   *
   * @param error the message of the error that it answered with; empty without one
   */
  boolean forgotten(int status, String error);

  /** Goes on with a stream that was cut; false, and nothing happens, when there is no way to. */
  boolean resume(CutStream stream);

  /** Of a request that stands alone: headers, and nothing else. */
  record Alone(Map<String, String> headers) implements HttpTurn {

    @Override
    public void answered(HttpClientResponse response) {}

    @Override
    public boolean forgotten(int status, String error) {
      return false;
    }

    @Override
    public boolean resume(CutStream stream) {
      return false;
    }
  }
}
