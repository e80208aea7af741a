package dev.gatehouse.llm.translate;

import java.util.Map;

/**
 * The carrying of calls from a client's protocol to an upstream's, and of the replies back.
 *
 * <p>Implementations are immutable, thread-safe and never block; JSON trees are plain Java ({@code
 * Map<String, Object>}, {@code List<Object>}, {@code String}, {@code Number}, {@code Boolean},
 * {@code null}) and are read, never changed.
 */
public interface Translation {

  /**
   * The upstream's request body, UTF-8 JSON.
   *
   * @param clientRequest the client's request as parsed
   * @param upstreamModel the model name that the upstream knows; the client's is not looked at
   * @throws UntranslatableException when a field cannot be carried without changing what was asked
   *     for, or is malformed; it is the caller's request that is at fault, so another upstream of
   *     the same protocol would refuse it too
   */
  byte[] request(Map<String, Object> clientRequest, String upstreamModel)
      throws UntranslatableException;

  /**
   * The client's reply for a successful (2xx), unstreamed reply of the upstream.
   *
   * @param clientRequest the client's request, parts of which some protocols repeat in a reply
   * @throws UnreadableReplyException when the reply is not what the upstream's protocol promises
   */
  Map<String, Object> response(
      Map<String, Object> clientRequest, Map<String, Object> upstreamResponse);

  /**
   * A new translator for the streamed reply to a request, heeding what the request says about the
   * stream's form ({@code stream_options.include_usage} of the chat protocol).
   */
  StreamTranslator stream(Map<String, Object> clientRequest);

  /**
   * A new translator for one streamed reply that tells all it knows: a chat client gets the usage
   * chunk even when it did not ask for it, which clients that always read {@code choices[0]} may
   * stumble over.
   */
  StreamTranslator stream();
}
