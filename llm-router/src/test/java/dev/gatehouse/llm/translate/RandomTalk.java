package dev.gatehouse.llm.translate;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** Random requests and answers, well formed in their own protocol. */
final class RandomTalk {

  private static final String IMAGE = "data:image/png;base64,iVBORw0=";

  private final Random random;
  private int ids;

  RandomTalk(long seed) {
    this.random = new Random(seed);
  }

  /** A chat completion request that the messages protocol can say. */
  Map<String, Object> chatRequest() {
    List<Object> messages = new ArrayList<>();
    if (random.nextBoolean()) {
      messages.add(message("system", text()));
    }
    int turns = 1 + random.nextInt(5);
    for (int turn = 0; turn < turns; turn++) {
      messages.add(message("user", random.nextBoolean() ? text() : chatParts()));
      if (turn < turns - 1) {
        chatAssistant(messages);
      }
    }
    Map<String, @Nullable Object> request = Json.object("model", "m", "messages", messages);
    if (random.nextBoolean()) {
      request.put("max_completion_tokens", 1 + random.nextInt(40_000));
    }
    if (random.nextBoolean()) {
      request.put("reasoning_effort", pick("none", "minimal", "low", "medium", "high", "xhigh"));
    }
    if (random.nextBoolean()) {
      request.put(
          "tools",
          List.of(
              Json.object("type", "function", "function", Json.object("name", "f")),
              Json.object(
                  "type",
                  "function",
                  "function",
                  Json.object("name", "g", "parameters", Map.of()))));
      request.put("tool_choice", pick("auto", "none", "required"));
      request.put("parallel_tool_calls", random.nextBoolean());
    }
    return Json.plain(request);
  }

  private void chatAssistant(List<Object> messages) {
    Map<String, @Nullable Object> assistant =
        message("assistant", random.nextBoolean() ? text() : null);
    messages.add(assistant);
    int calls = random.nextInt(4);
    List<Object> toolCalls = new ArrayList<>();
    List<Object> results = new ArrayList<>();
    for (int i = 0; i < calls; i++) {
      String id = pick("call_", "functions.f:") + ids++;
      toolCalls.add(
          Json.object(
              "id",
              id,
              "type",
              "function",
              "function",
              Json.object("name", "f", "arguments", arguments())));
      results.add(Json.object("role", "tool", "tool_call_id", id, "content", text()));
    }
    if (calls > 0) {
      assistant.put("tool_calls", toolCalls);
    }
    messages.addAll(results);
  }

  private List<Object> chatParts() {
    List<Object> parts = new ArrayList<>();
    parts.add(Json.object("type", "text", "text", "say " + text()));
    if (random.nextBoolean()) {
      parts.add(Json.object("type", "image_url", "image_url", Json.object("url", IMAGE)));
    }
    parts.add(Json.object("type", "text", "text", text()));
    return parts;
  }

  /** A messages request that the chat protocol can say. */
  Map<String, Object> messagesRequest() {
    List<Object> messages = new ArrayList<>();
    List<Object> open = new ArrayList<>();
    int turns = 1 + random.nextInt(5);
    for (int turn = 0; turn < turns; turn++) {
      List<Object> blocks = new ArrayList<>();
      for (Object id : open) {
        blocks.add(toolResult(id));
      }
      blocks.add(Json.object("type", "text", "text", "say " + text()));
      messages.add(message("user", blocks));
      open.clear();
      if (turn < turns - 1) {
        messages.add(message("assistant", messageBlocks(open)));
      }
    }
    Map<String, @Nullable Object> request =
        Json.object("model", "m", "max_tokens", 1 + random.nextInt(40_000), "messages", messages);
    if (random.nextBoolean()) {
      request.put("system", List.of(Json.object("type", "text", "text", text())));
    }
    if (random.nextBoolean()) {
      request.put("tools", random.nextBoolean() ? List.of() : List.of(tool()));
      request.put("tool_choice", Json.object("type", pick("auto", "none")));
    }
    return Json.plain(request);
  }

  private static Map<String, @Nullable Object> tool() {
    return Json.object("name", "f", "input_schema", Map.of("type", "object"));
  }

  private Map<String, @Nullable Object> toolResult(Object id) {
    Map<String, @Nullable Object> result = Json.object("type", "tool_result", "tool_use_id", id);
    switch (random.nextInt(3)) {
      case 0 -> result.put("content", text());
      case 1 ->
          result.put(
              "content",
              List.of(
                  Json.object(
                      "type",
                      "image",
                      "source",
                      Json.object("type", "url", "url", "https://example.com/a.png"))));
      default -> result.put("is_error", true);
    }
    return result;
  }

  /** The blocks of an assistant's message; the ids of its tool calls are added to {@code calls}. */
  List<Object> messageBlocks(List<Object> calls) {
    List<Object> blocks = new ArrayList<>();
    if (random.nextBoolean()) {
      blocks.add(Json.object("type", "thinking", "thinking", text(), "signature", "sig"));
    }
    blocks.add(Json.object("type", "text", "text", text()));
    int count = random.nextInt(4);
    for (int i = 0; i < count; i++) {
      String id = "toolu_" + ids++;
      calls.add(id);
      blocks.add(
          Json.object("type", "tool_use", "id", id, "name", "f", "input", Json.parse(arguments())));
    }
    return blocks;
  }

  /** The JSON text of some tool arguments, with what JSON text is hard to follow for. */
  String arguments() {
    return Json.text(
        Json.object(
            text(), random.nextInt(), "s", "\"}}{\\" + text(), "o", Map.of("a", List.of(1, "]"))));
  }

  /** Text, sometimes blank, sometimes beyond the basic plane. */
  String text() {
    return switch (random.nextInt(5)) {
      case 0 -> "";
      case 1 -> " \n";
      case 2 -> "grüezi 😀 " + random.nextInt(100);
      default -> "text " + random.nextInt(1000);
    };
  }

  /** The text in random pieces, which together are the text. */
  List<String> pieces(String text) {
    List<String> pieces = new ArrayList<>();
    int at = 0;
    while (at < text.length()) {
      int end =
          text.offsetByCodePoints(
              at, Math.min(1 + random.nextInt(6), text.codePointCount(at, text.length())));
      pieces.add(text.substring(at, end));
      at = end;
    }
    return pieces;
  }

  int below(int bound) {
    return random.nextInt(bound);
  }

  private static Map<String, @Nullable Object> message(String role, @Nullable Object content) {
    return Json.object("role", role, "content", content);
  }

  private String pick(String... choices) {
    return choices[random.nextInt(choices.length)];
  }
}
