package dev.gatehouse.mcp.conformance;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.gatehouse.core.tool.ToolReply;
import dev.gatehouse.testkit.ScriptedConnector;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** What the fixtures are made of. */
final class Fixtures {

  /** A PNG of one pixel, base64. */
  static final String PIXEL =
      "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";

  private static final ObjectMapper JSON = new ObjectMapper();

  private Fixtures() {}

  /** A JSON object as a plain tree. */
  static Map<String, Object> tree(String json) {
    try {
      return JSON.readValue(json, new TypeReference<>() {});
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  /** A completed reply of that result. */
  static CompletionStage<ToolReply> reply(Map<String, Object> result) {
    return CompletableFuture.completedStage(ScriptedConnector.completed(result));
  }

  static Map<String, Object> text(String text) {
    return Map.of("type", "text", "text", text);
  }

  static Map<String, Object> image() {
    return Map.of("type", "image", "data", PIXEL, "mimeType", "image/png");
  }

  static Map<String, Object> resource(String uri, String mimeType, String text) {
    return Map.of(
        "type", "resource", "resource", Map.of("uri", uri, "mimeType", mimeType, "text", text));
  }

  /** A prompt's result: one message of the user for each block of content. */
  static Map<String, Object> messages(List<Map<String, Object>> contents) {
    return Map.of(
        "messages",
        contents.stream().map(content -> Map.of("role", "user", "content", content)).toList());
  }
}
