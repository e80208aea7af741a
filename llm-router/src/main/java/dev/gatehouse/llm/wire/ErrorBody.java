package dev.gatehouse.llm.wire;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Puts a problem into the words of a protocol, so that the official SDKs raise the exception that
 * fits.
 */
public final class ErrorBody {

  private ErrorBody() {}

  /** The body of an error reply. */
  public static byte[] of(Protocol protocol, Problem problem, String requestId) {
    return Json.bytes(tree(protocol, problem, requestId));
  }

  /**
   * The event that ends a stream which can no longer be completed.
   *
   * @param sequence the number that the event carries where the protocol numbers them
   */
  public static byte[] event(Protocol protocol, Problem problem, String requestId, long sequence) {
    Map<String, Object> tree = tree(protocol, problem, requestId);
    String name =
        switch (protocol) {
          case CHAT -> "";
          case MESSAGES -> "event: error\n";
          case RESPONSES -> {
            // the members of the protocol's own error event, beside the object that SDKs raise
            tree.put("type", "error");
            tree.put("code", problem.code());
            tree.put("message", problem.message());
            tree.put("param", problem.field());
            tree.put("sequence_number", sequence);
            yield "event: error\n";
          }
        };
    String json = new String(Json.bytes(tree), StandardCharsets.UTF_8);
    return (name + "data: " + json + "\n\n").getBytes(StandardCharsets.UTF_8);
  }

  private static Map<String, Object> tree(Protocol protocol, Problem problem, String requestId) {
    Map<String, @Nullable Object> error = new LinkedHashMap<>();
    Map<String, Object> body = new LinkedHashMap<>();
    switch (protocol) {
      case CHAT, RESPONSES -> {
        error.put("message", problem.message());
        error.put("type", chatType(problem.status()));
        error.put("param", problem.field().isEmpty() ? null : problem.field());
        error.put("code", problem.code());
        error.putAll(problem.details());
        body.put("error", error);
      }
      case MESSAGES -> {
        error.put("type", messagesType(problem.status()));
        error.put("message", problem.message());
        error.put("code", problem.code());
        error.putAll(problem.details());
        body.put("type", "error");
        body.put("error", error);
        body.put("request_id", requestId);
      }
    }
    return body;
  }

  private static String chatType(int status) {
    return switch (status) {
      case 403 -> "permission_error";
      case 429 -> "rate_limit_error";
      default -> status >= 500 ? "server_error" : "invalid_request_error";
    };
  }

  private static String messagesType(int status) {
    return switch (status) {
      case 401 -> "authentication_error";
      case 402 -> "billing_error";
      case 403 -> "permission_error";
      case 404 -> "not_found_error";
      case 409 -> "conflict_error";
      case 413 -> "request_too_large";
      case 429 -> "rate_limit_error";
      case 503, 529 -> "overloaded_error";
      case 408, 504 -> "timeout_error";
      default -> status >= 500 ? "api_error" : "invalid_request_error";
    };
  }
}
