package dev.gatehouse.mcp.operations;

import dev.gatehouse.mcp.asking.ClientCapabilities;
import java.math.BigInteger;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a request says about itself beside its params.
 *
 * @param progressToken a string or an integer; empty when no progress is wanted
 * @param traceParent W3C trace parent; empty when there is none
 * @param logLevel the least severe log message that is wanted; empty for none at all
 * @param capabilities what the client can be asked and given
 * @param requestState the state that an earlier reply to the same request asked to send back
 * @param inputResponses answers to what that reply asked
 */
public record RequestMeta(
    Optional<Object> progressToken,
    String traceParent,
    Optional<LogLevel> logLevel,
    ClientCapabilities capabilities,
    Optional<String> requestState,
    Map<?, ?> inputResponses) {

  private static final int TOKEN_CHARS_MAX = 256;

  /**
   * Reads {@code params._meta}.
   *
   * @param traceHeader the {@code traceparent} header, which {@code _meta} overrides
   * @param logLevel the level that the era found
   * @param capabilities what the era knows the client to have declared
   * @throws IllegalArgumentException with a message for the client when a member is malformed
   */
  public static RequestMeta of(
      Map<String, Object> params,
      @Nullable String traceHeader,
      Optional<LogLevel> logLevel,
      ClientCapabilities capabilities) {
    Map<?, ?> meta = members(params);
    Object trace = meta.get("traceparent");
    String traceParent =
        trace instanceof String text ? text : traceHeader == null ? "" : traceHeader;
    return new RequestMeta(
        Optional.ofNullable(meta.get("progressToken")).map(RequestMeta::token),
        isTraceParent(traceParent) ? traceParent : "",
        logLevel,
        capabilities,
        Optional.empty(),
        Map.of());
  }

  /**
   * The same with what a repeated request carries beside its own params.
   *
   * @throws IllegalArgumentException with a message for the client when a member is malformed
   */
  public RequestMeta repeating(Map<String, Object> params) {
    Object state = params.get("requestState");
    if (params.containsKey("requestState") && !(state instanceof String)) {
      throw new IllegalArgumentException("params.requestState must be a string");
    }
    Object answers = params.getOrDefault("inputResponses", Map.of());
    if (!(answers instanceof Map<?, ?> responses)) {
      throw new IllegalArgumentException("params.inputResponses must be an object");
    }
    return new RequestMeta(
        progressToken,
        traceParent,
        logLevel,
        capabilities,
        Optional.ofNullable((String) state),
        responses);
  }

  /** The members of {@code params._meta}; empty when there are none. */
  public static Map<?, ?> members(Map<String, Object> params) {
    Object meta = params.get("_meta");
    if (meta == null) {
      return Map.of();
    }
    if (meta instanceof Map<?, ?> members) {
      return members;
    }
    throw new IllegalArgumentException("params._meta must be an object");
  }

  private static Object token(Object token) {
    return switch (token) {
      case String text when text.length() <= TOKEN_CHARS_MAX -> text;
      case Integer number -> number;
      case Long number -> number;
      case BigInteger number -> number;
      default ->
          throw new IllegalArgumentException(
              "progressToken must be an integer or a string of at most "
                  + TOKEN_CHARS_MAX
                  + " characters");
    };
  }

  /** Version 00 as {@code 00-<32 hex>-<16 hex>-<2 hex>}. */
  private static boolean isTraceParent(String text) {
    if (text.length() != 55 || !text.startsWith("00-")) {
      return false;
    }
    for (int i = 3; i < text.length(); i++) {
      char c = text.charAt(i);
      boolean dash = i == 35 || i == 52;
      if (dash ? c != '-' : !((c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'))) {
        return false;
      }
    }
    return true;
  }
}
