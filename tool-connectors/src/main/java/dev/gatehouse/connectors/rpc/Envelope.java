package dev.gatehouse.connectors.rpc;

import java.util.Map;

/**
 * What an era puts around a request.
 *
 * @param meta members of {@code params._meta}
 * @param headers HTTP headers that mirror the message; stdio has none
 * @param standsAlone whether the request is of no session: over HTTP, its stream cannot be resumed,
 *     and closing it cancels
 */
public record Envelope(Map<String, Object> meta, Map<String, String> headers, boolean standsAlone) {

  /** Around a message of a legacy session. */
  static final Envelope OF_SESSION = new Envelope(Map.of(), Map.of(), false);
}
