package dev.gatehouse.llm.translate;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Messages and their content blocks as the messages protocol writes them. */
final class Messages {

  private Messages() {}

  /** A message with every field that its type requires. */
  static Map<String, @Nullable Object> message(
      String id,
      String model,
      List<Map<String, @Nullable Object>> content,
      @Nullable String stopReason,
      Usage usage) {
    Map<String, @Nullable Object> message =
        Json.object("id", id, "type", "message", "role", "assistant", "model", model);
    message.put("content", content);
    message.put("stop_reason", stopReason);
    message.put("stop_sequence", null);
    message.put("stop_details", null);
    message.put("container", null);
    message.put("diagnostics", null);
    message.put("usage", usage.toMessage());
    return message;
  }

  /** Why the model refused, in its own words. */
  static Map<String, @Nullable Object> refusal(String explanation) {
    return Json.object("type", "refusal", "category", null, "explanation", explanation);
  }

  static Map<String, @Nullable Object> text(String text) {
    return Json.object("type", "text", "text", text, "citations", null);
  }

  static Map<String, @Nullable Object> thinking(String text, String signature) {
    return Json.object("type", "thinking", "thinking", text, "signature", signature);
  }

  static Map<String, @Nullable Object> toolUse(String id, String name, Object input) {
    return Json.object(
        "type", "tool_use",
        "id", id,
        "name", name,
        "input", input,
        "caller", Json.object("type", "direct"));
  }
}
