package dev.gatehouse.llm.translate;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A whole message as a chat completion.
 *
 * <p>Texts are joined; thinking becomes {@code reasoning_content}, as other chat servers call it,
 * and {@code thinking_blocks} with the signatures, which a client may send back. Blocks that the
 * chat protocol has no place for (citations, results of server tools) are left out.
 */
final class MessageToChat {

  private MessageToChat() {}

  static Map<String, @Nullable Object> translate(ReplyObject message, long createdSecond) {
    if (!message.has("content")) {
      throw message.unreadable("content", "is missing");
    }
    String stopReason = message.requiredText("stop_reason");
    Map<String, @Nullable Object> choice =
        Json.object(
            "index",
            0,
            "message",
            assistant(message, stopReason),
            "logprobs",
            null,
            "finish_reason",
            Endings.toChat(stopReason));
    ReplyObject usage = message.requiredObject("usage");
    Map<String, @Nullable Object> completion =
        Json.object(
            "id", message.requiredText("id"),
            "object", "chat.completion",
            "created", createdSecond,
            "model", message.requiredText("model"),
            "choices", List.of(choice),
            "usage", Usage.ofMessage(usage).toChat());
    serviceTier(usage, completion);
    return completion;
  }

  private static Map<String, @Nullable Object> assistant(ReplyObject message, String stopReason) {
    StringBuilder text = new StringBuilder();
    StringBuilder reasoning = new StringBuilder();
    List<Map<String, @Nullable Object>> thinking = new ArrayList<>();
    List<Map<String, @Nullable Object>> calls = new ArrayList<>();
    for (ReplyObject block : message.objects("content")) {
      switch (block.requiredText("type")) {
        case "text" -> text.append(block.requiredText("text"));
        case "tool_use" -> calls.add(call(block));
        case "thinking" -> {
          reasoning.append(block.textOrEmpty("thinking"));
          thinking.add(thinking(block.textOrEmpty("thinking"), block.textOrEmpty("signature")));
        }
        case "redacted_thinking" -> thinking.add(redacted(block.textOrEmpty("data")));
        default -> {}
      }
    }
    Map<String, @Nullable Object> out = Json.object("role", "assistant");
    out.put("content", text.isEmpty() ? null : text.toString());
    out.put("refusal", stopReason.equals("refusal") ? explanation(message) : null);
    if (!calls.isEmpty()) {
      out.put("tool_calls", calls);
    }
    if (!thinking.isEmpty()) {
      out.put("reasoning_content", reasoning.toString());
      out.put("thinking_blocks", thinking);
    }
    return out;
  }

  /** Why the provider refused, when it says so. */
  static @Nullable String explanation(ReplyObject messageOrDelta) {
    return messageOrDelta
        .object("stop_details")
        .flatMap(details -> details.text("explanation"))
        .orElse(null);
  }

  static Map<String, @Nullable Object> thinking(String text, String signature) {
    return Json.object("type", "thinking", "thinking", text, "signature", signature);
  }

  static Map<String, @Nullable Object> redacted(String data) {
    return Json.object("type", "redacted_thinking", "data", data);
  }

  private static Map<String, @Nullable Object> call(ReplyObject block) {
    String arguments = Json.text(block.value("input").orElse(Map.of()));
    return Json.object(
        "id", block.requiredText("id"),
        "type", "function",
        "function", Json.object("name", block.requiredText("name"), "arguments", arguments));
  }

  private static void serviceTier(ReplyObject usage, Map<String, @Nullable Object> completion) {
    switch (usage.textOrEmpty("service_tier")) {
      case "standard" -> completion.put("service_tier", "default");
      case "priority" -> completion.put("service_tier", "priority");
      default -> {}
    }
  }
}
