package dev.gatehouse.core.tool;

import java.util.Map;

/**
 * The caller's side does not answer a question: it lacks the capability, declined the request
 * itself, went away, or took too long.
 */
public final class ClientRefusedException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  /** JSON-RPC code of a client that lacks a capability; 2026-07-28 calls it so. */
  public static final int MISSING_CAPABILITY = -32021;

  private final int code;
  private final transient Map<String, Object> requiredCapabilities;

  /**
   * @param code the JSON-RPC code for the upstream that asked
   * @param message for people; no payload
   * @param requiredCapabilities what the client would have to declare, as a {@code
   *     ClientCapabilities} tree; empty when that is not the reason
   */
  public ClientRefusedException(
      int code, String message, Map<String, Object> requiredCapabilities) {
    super(message);
    this.code = code;
    this.requiredCapabilities = Map.copyOf(requiredCapabilities);
  }

  /** The JSON-RPC code. */
  public int code() {
    return code;
  }

  /** What the client would have to declare; empty when that is not the reason. */
  public Map<String, Object> requiredCapabilities() {
    return requiredCapabilities;
  }
}
