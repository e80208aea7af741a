package dev.gatehouse.llm.translate;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A whole response as a chat completion. Items of tools that OpenAI runs are left out. */
final class ResponseToChat {

  private ResponseToChat() {}

  static Map<String, @Nullable Object> translate(ReplyObject response, long nowSecond) {
    StringBuilder text = new StringBuilder();
    StringBuilder refusal = new StringBuilder();
    StringBuilder reasoning = new StringBuilder();
    List<Object> logprobs = new ArrayList<>();
    List<Map<String, @Nullable Object>> calls = new ArrayList<>();
    for (ReplyObject item : response.objects("output")) {
      switch (item.requiredText("type")) {
        case "message" -> {
          for (ReplyObject part : item.objects("content")) {
            text.append(part.textOrEmpty("text"));
            refusal.append(part.textOrEmpty("refusal"));
            logprobs.addAll(logprobs(part));
          }
        }
        case "function_call" -> calls.add(call(item));
        case "reasoning" -> {
          item.objects("summary").forEach(part -> reasoning.append(part.textOrEmpty("text")));
          item.objects("content").forEach(part -> reasoning.append(part.textOrEmpty("text")));
        }
        default -> {}
      }
    }
    Map<String, @Nullable Object> message = Json.object("role", "assistant");
    message.put("content", text.isEmpty() ? null : text.toString());
    message.put("refusal", refusal.isEmpty() ? null : refusal.toString());
    if (!calls.isEmpty()) {
      message.put("tool_calls", calls);
    }
    if (!reasoning.isEmpty()) {
      message.put("reasoning_content", reasoning.toString());
    }
    Map<String, @Nullable Object> choice =
        Json.object(
            "index",
            0,
            "message",
            message,
            "logprobs",
            logprobs.isEmpty() ? null : Json.object("content", logprobs, "refusal", null),
            "finish_reason",
            finishReason(response, !calls.isEmpty()));
    Usage usage = response.object("usage").map(Usage::ofResponse).orElse(Usage.NONE);
    return Json.object(
        "id",
        response.requiredText("id"),
        "object",
        "chat.completion",
        "created",
        response.number("created_at").map(Number::longValue).orElse(nowSecond),
        "model",
        response.requiredText("model"),
        "choices",
        List.of(choice),
        "usage",
        usage.toChat());
  }

  /** The finish reason of a response that is over. */
  static String finishReason(ReplyObject response, boolean calls) {
    return switch (response.requiredText("status")) {
      case "completed" -> calls ? "tool_calls" : "stop";
      case "incomplete" ->
          response
                  .object("incomplete_details")
                  .flatMap(details -> details.text("reason"))
                  .orElse("")
                  .equals("content_filter")
              ? "content_filter"
              : "length";
      default -> throw response.unreadable("status", "is not one of a response that is over");
    };
  }

  static List<?> logprobs(ReplyObject partOrDelta) {
    return partOrDelta.value("logprobs").orElse(List.of()) instanceof List<?> list
        ? list
        : List.of();
  }

  private static Map<String, @Nullable Object> call(ReplyObject item) {
    return Json.object(
        "id",
        item.requiredText("call_id"),
        "type",
        "function",
        "function",
        Json.object("name", item.requiredText("name"), "arguments", item.textOrEmpty("arguments")));
  }
}
