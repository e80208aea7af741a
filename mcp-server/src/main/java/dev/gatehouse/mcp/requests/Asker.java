package dev.gatehouse.mcp.requests;

import dev.gatehouse.core.tool.ClientRequest;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.function.Predicate;

/** Puts requests of ours to a client that answers them with responses. Thread-safe. */
public interface Asker {

  /**
   * Asks; the stage brings the results under the same keys, on any thread, or fails with {@link
   * dev.gatehouse.core.tool.ClientRefusedException} as soon as one question is not answered.
   *
   * @param stream sends on the response of the client's own request, on whose behalf it is asked;
   *     false when that takes nothing
   * @param most how long the client may take
   */
  CompletionStage<Map<String, Object>> ask(
      Map<String, ClientRequest> questions, Predicate<byte[]> stream, Duration most);

  /**
   * Tells the client something that may come after the request that it is about.
   *
   * @param stream as above
   */
  void tell(String method, Map<String, Object> params, Predicate<byte[]> stream);
}
