package dev.gatehouse.llm.translate;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Responses and their output items as the responses protocol writes them. */
final class Responses {

  /** What of the request a response repeats, and what it says where the request said nothing. */
  private static final Map<String, Object> REPEATED =
      Json.plain(
          Json.object(
              "instructions",
              null,
              "max_output_tokens",
              null,
              "metadata",
              Map.of(),
              "parallel_tool_calls",
              true,
              "reasoning",
              Json.object("effort", null, "summary", null),
              "temperature",
              1.0,
              "text",
              Json.object("format", Json.object("type", "text")),
              "tool_choice",
              "auto",
              "tools",
              List.of(),
              "top_p",
              1.0,
              "truncation",
              "disabled",
              "user",
              null));

  private Responses() {}

  /** How a response ends: its status, and why when it is incomplete. */
  record Ending(String status, @Nullable String reason) {

    static final Ending NONE_YET = new Ending("in_progress", null);

    /** A reason that is new to us was a limit: an answer never looks complete by mistake. */
    static Ending of(String finishReason) {
      return switch (finishReason) {
        case "stop", "tool_calls", "function_call" -> new Ending("completed", null);
        case "content_filter" -> new Ending("incomplete", "content_filter");
        default -> new Ending("incomplete", "max_output_tokens");
      };
    }
  }

  /** A response with every field that its type requires. */
  static Map<String, @Nullable Object> response(
      Map<String, Object> request,
      String id,
      long createdSecond,
      String model,
      Ending ending,
      List<?> output,
      @Nullable Usage usage) {
    Map<String, @Nullable Object> response =
        Json.object(
            "id",
            id(id),
            "object",
            "response",
            "created_at",
            createdSecond,
            "status",
            ending.status);
    response.put("background", false);
    response.put("error", null);
    response.put(
        "incomplete_details", ending.reason == null ? null : Json.object("reason", ending.reason));
    response.put("model", model);
    response.put("output", output);
    response.put("previous_response_id", null);
    response.put("store", false);
    REPEATED.forEach(
        (name, fallback) -> {
          Object said = request.get(name);
          response.put(name, said == null ? fallback : said);
        });
    response.put("usage", usage == null ? null : usage.toResponse());
    return response;
  }

  /** An id as clients know them from OpenAI. */
  static String id(String upstreamId) {
    return upstreamId.startsWith("resp_") ? upstreamId : "resp_" + upstreamId;
  }

  static Map<String, @Nullable Object> reasoning(
      String id, String text, List<?> thinkingBlocks, String status) {
    Map<String, @Nullable Object> item =
        Json.object("id", SealedThinking.ID_PREFIX + id, "type", "reasoning", "summary", List.of());
    item.put("content", text.isEmpty() ? List.of() : List.of(reasoningText(text)));
    item.put("encrypted_content", SealedThinking.seal(thinkingBlocks));
    item.put("status", status);
    return item;
  }

  static Map<String, @Nullable Object> reasoningText(String text) {
    return Json.object("type", "reasoning_text", "text", text);
  }

  static Map<String, @Nullable Object> message(String id, List<?> content, String status) {
    return Json.object(
        "id",
        "msg_" + id,
        "type",
        "message",
        "status",
        status,
        "role",
        "assistant",
        "content",
        content);
  }

  static Map<String, @Nullable Object> text(String text, List<?> logprobs) {
    return Json.object(
        "type", "output_text", "text", text, "annotations", List.of(), "logprobs", logprobs);
  }

  static Map<String, @Nullable Object> refusal(String text) {
    return Json.object("type", "refusal", "refusal", text);
  }

  static Map<String, @Nullable Object> call(
      String callId, String name, String arguments, String status) {
    return Json.object(
        "id",
        "fc_" + callId,
        "type",
        "function_call",
        "status",
        status,
        "call_id",
        callId,
        "name",
        name,
        "arguments",
        arguments);
  }
}
