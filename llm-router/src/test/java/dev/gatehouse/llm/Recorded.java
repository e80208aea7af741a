package dev.gatehouse.llm;

import dev.gatehouse.llm.config.ProviderType;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import software.amazon.eventstream.HeaderValue;
import software.amazon.eventstream.Message;

/** What the providers behind adapters send, in the shapes that their documentation records. */
final class Recorded {

  private Recorded() {}

  /** The pieces of a stream that says Hello, after thinking where the API can tell. */
  static List<Buffer> text(ProviderType type) {
    return switch (type) {
      case GEMINI ->
          List.of(
              gemini("{\"text\":\"Hel\"}", ""),
              gemini("{\"text\":\"lo\"}", ""),
              gemini("{\"text\":\"\"}", "STOP"));
      case OLLAMA ->
          List.of(ollama("\"content\":\"Hel\""), ollama("\"content\":\"lo\""), ollamaEnd());
      case MISTRAL ->
          List.of(
              mistral("{\"role\":\"assistant\",\"content\":\"\"}", "null"),
              mistral("{\"content\":\"Hel\"}", "null"),
              mistral("{\"content\":\"lo\"}", "null"),
              mistral("{\"content\":\"\"}", "\"stop\""),
              Buffer.buffer("data: [DONE]\n\n"));
      case BEDROCK ->
          List.of(
              bedrock("messageStart", "{\"role\":\"assistant\"}"),
              bedrock(
                  "contentBlockDelta", "{\"contentBlockIndex\":0,\"delta\":{\"text\":\"Hel\"}}"),
              bedrock("contentBlockDelta", "{\"contentBlockIndex\":0,\"delta\":{\"text\":\"lo\"}}"),
              bedrock("contentBlockStop", "{\"contentBlockIndex\":0}"),
              bedrock("messageStop", "{\"stopReason\":\"end_turn\"}"),
              bedrock("metadata", BEDROCK_METADATA));
      case OPENAI, ANTHROPIC, AZURE -> throw new IllegalArgumentException(type + " has no adapter");
    };
  }

  /** The pieces of a stream that calls {@code weather} with a city. */
  static List<Buffer> call(ProviderType type) {
    return switch (type) {
      case GEMINI ->
          List.of(
              gemini(
                  "{\"functionCall\":{\"name\":\"weather\",\"args\":{\"city\":\"Bern\"}}}",
                  "STOP"));
      case OLLAMA ->
          List.of(
              ollama(
                  "\"content\":\"\",\"tool_calls\":[{\"function\":{\"name\":\"weather\","
                      + "\"arguments\":{\"city\":\"Bern\"}}}]"),
              ollamaEnd());
      case MISTRAL ->
          List.of(
              mistral(
                  "{\"role\":\"assistant\",\"content\":\"\",\"tool_calls\":[{\"id\":\"D681PevKs\","
                      + "\"index\":0,\"function\":{\"name\":\"weather\",\"arguments\":"
                      + "\"{\\\"city\\\":\\\"Bern\\\"}\"}}]}",
                  "\"tool_calls\""),
              Buffer.buffer("data: [DONE]\n\n"));
      case BEDROCK ->
          List.of(
              bedrock("messageStart", "{\"role\":\"assistant\"}"),
              bedrock(
                  "contentBlockStart",
                  "{\"contentBlockIndex\":0,\"start\":{\"toolUse\":{\"toolUseId\":\"tooluse_1\","
                      + "\"name\":\"weather\"}}}"),
              bedrock(
                  "contentBlockDelta",
                  "{\"contentBlockIndex\":0,\"delta\":{\"toolUse\":{\"input\":\"{\\\"city\\\":\"}}}"),
              bedrock(
                  "contentBlockDelta",
                  "{\"contentBlockIndex\":0,\"delta\":{\"toolUse\":{\"input\":\"\\\"Bern\\\"}\"}}}"),
              bedrock("contentBlockStop", "{\"contentBlockIndex\":0}"),
              bedrock("messageStop", "{\"stopReason\":\"tool_use\"}"),
              bedrock("metadata", BEDROCK_METADATA));
      case OPENAI, ANTHROPIC, AZURE -> throw new IllegalArgumentException(type + " has no adapter");
    };
  }

  private static final String BEDROCK_METADATA =
      "{\"metrics\":{\"latencyMs\":120},\"usage\":{\"inputTokens\":20,\"outputTokens\":7,"
          + "\"totalTokens\":27}}";

  private static Buffer gemini(String part, String finish) {
    return Buffer.buffer(
        "data: {\"candidates\":[{\"content\":{\"parts\":["
            + part
            + "],\"role\":\"model\"}"
            + (finish.isEmpty() ? "" : ",\"finishReason\":\"" + finish + "\"")
            + ",\"index\":0}],\"usageMetadata\":{\"promptTokenCount\":20,\"candidatesTokenCount\":7,\"totalTokenCount\":27},\"modelVersion\":\"gemini-2.5-flash\",\"responseId\":\"r-1\"}\r\n\r\n");
  }

  private static Buffer ollama(String members) {
    return Buffer.buffer(
        "{\"model\":\"llama3.2\",\"created_at\":\"2026-01-01T00:00:00.0Z\","
            + "\"message\":{\"role\":\"assistant\","
            + members
            + "},\"done\":false}\n");
  }

  private static Buffer ollamaEnd() {
    return Buffer.buffer(
        "{\"model\":\"llama3.2\",\"created_at\":\"2026-01-01T00:00:00.0Z\","
            + "\"message\":{\"role\":\"assistant\",\"content\":\"\"},\"done_reason\":\"stop\","
            + "\"done\":true,\"total_duration\":1,\"load_duration\":1,\"prompt_eval_count\":20,"
            + "\"prompt_eval_duration\":1,\"eval_count\":7,\"eval_duration\":1}\n");
  }

  private static Buffer mistral(String delta, String finish) {
    return Buffer.buffer(
        "data: {\"id\":\"cmpl-1\",\"object\":\"chat.completion.chunk\",\"created\":1,"
            + "\"model\":\"mistral-small-latest\",\"choices\":[{\"index\":0,\"delta\":"
            + delta
            + ",\"finish_reason\":"
            + finish
            + "}]"
            + (finish.equals("null")
                ? ""
                : ",\"usage\":{\"prompt_tokens\":20,\"completion_tokens\":7,\"total_tokens\":27}")
            + "}\n\n");
  }

  private static Buffer bedrock(String event, String json) {
    return frame(Map.of(":message-type", "event", ":event-type", event), json);
  }

  /** An error inside of a stream that has begun. */
  static Buffer bedrockException(String type) {
    return frame(
        Map.of(":message-type", "exception", ":exception-type", type), "{\"message\":\"private\"}");
  }

  private static Buffer frame(Map<String, String> headers, String json) {
    Map<String, HeaderValue> all = new LinkedHashMap<>();
    headers.forEach((name, value) -> all.put(name, HeaderValue.fromString(value)));
    all.put(":content-type", HeaderValue.fromString("application/json"));
    byte[] payload = json.getBytes(StandardCharsets.UTF_8);
    return Buffer.buffer(new Message(all, payload).toByteBuffer().array());
  }

  /** An error as the provider tells it, under its status. */
  static Provider.Script error(ProviderType type, int status, String code, String message) {
    String body =
        switch (type) {
          case GEMINI ->
              "{\"error\":{\"code\":"
                  + status
                  + ",\"message\":\""
                  + message
                  + "\",\"status\":\""
                  + code
                  + "\"}}";
          case OLLAMA -> "{\"error\":\"" + message + "\"}";
          case MISTRAL ->
              "{\"object\":\"error\",\"message\":\""
                  + message
                  + "\",\"type\":\""
                  + code
                  + "\",\"param\":null,\"code\":\"1\"}";
          case BEDROCK -> "{\"message\":\"" + message + "\"}";
          case OPENAI, ANTHROPIC, AZURE -> throw new IllegalArgumentException("no adapter");
        };
    return Provider.json(status, Map.of("x-amzn-errortype", code), body);
  }

  /** These pieces, each by itself, then what comes after them. */
  static Provider.Script stream(ProviderType type, List<Buffer> pieces, Provider.Script after) {
    return (request, response) -> {
      response.setChunked(true).putHeader("content-type", contentType(type));
      List<Buffer> all = new ArrayList<>(pieces);
      Buffer last = all.removeLast();
      all.forEach(response::write);
      response.write(last).onComplete(_ -> after.answer(request, response));
    };
  }

  static final Provider.Script END = (_, response) -> response.end();
  static final Provider.Script CUT = (request, _) -> request.connection().close();
  static final Provider.Script STALL = (_, _) -> {};

  private static String contentType(ProviderType type) {
    return switch (type) {
      case OLLAMA -> "application/x-ndjson";
      case BEDROCK -> "application/vnd.amazon.eventstream";
      default -> "text/event-stream";
    };
  }

  static String base64(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }
}
