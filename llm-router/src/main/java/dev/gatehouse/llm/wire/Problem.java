package dev.gatehouse.llm.wire;

import java.util.Map;

/**
 * An answer that is not a model's: what went wrong, before it is put into a protocol's words.
 *
 * @param status HTTP status
 * @param code a stable name that programs can tell apart, such as {@code approval_required}
 * @param message for people; names the thing, the limit and the value; no secret, no payload
 * @param field the request's member at fault; empty when none is
 * @param details more members of the error object
 * @param retryAfterSeconds what the client is told to wait; 0 for nothing
 */
public record Problem(
    int status,
    String code,
    String message,
    String field,
    Map<String, Object> details,
    long retryAfterSeconds) {

  public Problem {
    details = Map.copyOf(details);
  }

  public Problem(int status, String code, String message) {
    this(status, code, message, "", Map.of(), 0);
  }

  /** A fault in the request. */
  public static Problem badRequest(String field, String message) {
    return new Problem(400, "invalid_request", message, field, Map.of(), 0);
  }

  /** The same with a time to wait. */
  public Problem retryAfter(long seconds) {
    return new Problem(status, code, message, field, details, seconds);
  }

  /** The same with more members. */
  public Problem with(Map<String, Object> more) {
    return new Problem(status, code, message, field, more, retryAfterSeconds);
  }
}
