package dev.gatehouse.llm.translate;

import java.util.Map;

/**
 * Errors inside a stream that already began, in both protocols: the client's SDK throws on them, so
 * a broken answer never looks like a finished one.
 */
final class StreamErrors {

  /** What a client is told when the upstream's stream ended without saying how the answer ended. */
  static final String TRUNCATED = "the upstream's stream ended before its answer was finished";

  private StreamErrors() {}

  /** The chat protocol's event for an error of the messages protocol. */
  static SseEvent chat(String messagesType, String message) {
    return SseEvent.unnamed(
        Json.data(
            Json.object(
                "error",
                Json.object(
                    "message",
                    message,
                    "type",
                    chatType(messagesType),
                    "param",
                    null,
                    "code",
                    messagesType))));
  }

  /** The messages protocol's event for an error type of its own. */
  static SseEvent messages(String messagesType, String message) {
    Map<String, ?> error = Json.object("type", messagesType, "message", message);
    return new SseEvent("error", Json.data(Json.object("type", "error", "error", error)));
  }

  /** The messages protocol's event for a chunk of the chat protocol that is an error. */
  static SseEvent messages(ReplyObject chatChunk) {
    Object value = chatChunk.value("error").orElse("");
    if (!(value instanceof Map<?, ?>)) {
      // Some compatible servers send a text only.
      return messages("api_error", value.toString());
    }
    ReplyObject chatError = ReplyObject.of(value, "error");
    String type = chatError.value("type").map(Object::toString).orElse("");
    String code = chatError.value("code").map(Object::toString).orElse("");
    return messages(messagesType(type, code), message(chatError));
  }

  /** The message of an error object of either protocol. */
  static String message(ReplyObject error) {
    return error.value("message").map(Object::toString).orElse("the upstream reported an error");
  }

  private static String chatType(String messagesType) {
    return switch (messagesType) {
      case "invalid_request_error", "request_too_large", "not_found_error" ->
          "invalid_request_error";
      case "authentication_error", "permission_error", "rate_limit_error" -> messagesType;
      case "billing_error" -> "insufficient_quota";
      default -> "server_error";
    };
  }

  private static String messagesType(String type, String code) {
    return switch (code) {
      case "rate_limit_exceeded", "429" -> "rate_limit_error";
      case "insufficient_quota" -> "billing_error";
      case "invalid_api_key", "401" -> "authentication_error";
      case "model_not_found", "404" -> "not_found_error";
      case "overloaded", "overloaded_error", "503", "529" -> "overloaded_error";
      default ->
          switch (type) {
            case "invalid_request_error",
                "authentication_error",
                "permission_error",
                "rate_limit_error",
                "overloaded_error" ->
                type;
            case "insufficient_quota" -> "billing_error";
            default -> "api_error";
          };
    };
  }
}
