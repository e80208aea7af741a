package dev.gatehouse.connectors.rpc;

import java.util.Map;

/**
 * What an era puts around a request.
 *
 * @param meta members of {@code params._meta}
 * @param headers HTTP headers that mirror the message; stdio has none
 * @param standsAlone whether the request is of no conversation: over HTTP, closing its stream
 *     cancels it
 */
public record Envelope(Map<String, Object> meta, Map<String, String> headers, boolean standsAlone) {

  /** Around a message of a conversation. */
  static final Envelope OF_SESSION = new Envelope(Map.of(), Map.of(), false);
}
