package dev.gatehouse.llm;

import dev.gatehouse.llm.config.ProviderType;
import dev.gatehouse.llm.wire.Protocol;

/** What the two protocols say in these tests. */
final class Words {

  private Words() {}

  static final String CHAT_REPLY =
      """
      {"id":"chatcmpl-1","object":"chat.completion","created":1,"model":"gpt-served",
       "choices":[{"index":0,"message":{"role":"assistant","content":"Hello"},"finish_reason":"stop"}],
       "usage":{"prompt_tokens":20,"completion_tokens":7,"total_tokens":27,
         "prompt_tokens_details":{"cached_tokens":5},
         "completion_tokens_details":{"reasoning_tokens":3}},"x_unknown":{"kept":[1,2.50]}}\
      """;

  static final String MESSAGES_REPLY =
      """
      {"id":"msg_1","type":"message","role":"assistant","model":"claude-served",
       "content":[{"type":"text","text":"Hello"}],"stop_reason":"end_turn","stop_sequence":null,
       "usage":{"input_tokens":10,"cache_creation_input_tokens":4,"cache_read_input_tokens":6,
         "output_tokens":7},"x_unknown":{"kept":[1,2.50]}}\
      """;

  static final String[] CHAT_EVENTS = {
    chunk("{\"role\":\"assistant\",\"content\":\"\"}", "null"),
    chunk("{\"content\":\"Hel\"}", "null"),
    chunk("{\"content\":\"lo\"}", "null"),
    chunk("{}", "\"stop\""),
    "data: [DONE]\n\n"
  };

  static final String USAGE_CHUNK =
      "data:"
          + " {\"id\":\"c\",\"object\":\"chat.completion.chunk\",\"model\":\"gpt-served\",\"choices\":[],\"usage\":{\"prompt_tokens\":20,\"completion_tokens\":7,\"total_tokens\":27,\"prompt_tokens_details\":{\"cached_tokens\":5},\"completion_tokens_details\":{\"reasoning_tokens\":3}}}\n\n";

  static final String[] MESSAGES_EVENTS = {
    event(
        "message_start",
        "\"message\":{\"id\":\"msg_1\",\"type\":\"message\",\"role\":\"assistant\","
            + "\"model\":\"claude-served\",\"content\":[],\"stop_reason\":null,"
            + "\"usage\":{\"input_tokens\":10,\"cache_creation_input_tokens\":4,"
            + "\"cache_read_input_tokens\":6,\"output_tokens\":1}}"),
    event("content_block_start", "\"index\":0,\"content_block\":{\"type\":\"text\",\"text\":\"\"}"),
    event("ping", ""),
    event(
        "content_block_delta", "\"index\":0,\"delta\":{\"type\":\"text_delta\",\"text\":\"Hel\"}"),
    event("content_block_delta", "\"index\":0,\"delta\":{\"type\":\"text_delta\",\"text\":\"lo\"}"),
    event("content_block_stop", "\"index\":0"),
    event(
        "message_delta",
        "\"delta\":{\"stop_reason\":\"end_turn\",\"stop_sequence\":null},"
            + "\"usage\":{\"output_tokens\":7}"),
    event("message_stop", "")
  };

  static String chunk(String delta, String finish) {
    return "data: {\"id\":\"c\",\"object\":\"chat.completion.chunk\",\"created\":1,"
        + "\"model\":\"gpt-served\",\"choices\":[{\"index\":0,\"delta\":"
        + delta
        + ",\"finish_reason\":"
        + finish
        + "}]}\n\n";
  }

  static String event(String type, String members) {
    return "event: "
        + type
        + "\ndata: {\"type\":\""
        + type
        + "\""
        + (members.isEmpty() ? "" : "," + members)
        + "}\n\n";
  }

  static String request(Protocol protocol, String model, boolean stream) {
    return switch (protocol) {
      case CHAT ->
          "{\"model\":\""
              + model
              + "\",\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}],\"stream\":"
              + stream
              + "}";
      case MESSAGES ->
          "{\"model\":\""
              + model
              + "\",\"max_tokens\":64,\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}],\"stream\":"
              + stream
              + "}";
    };
  }

  static String path(Protocol protocol) {
    return switch (protocol) {
      case CHAT -> "/v1/chat/completions";
      case MESSAGES -> "/v1/messages";
    };
  }

  /** A good answer in the provider's words. */
  static Provider.Script good(ProviderType type, boolean stream) {
    return switch (type) {
      case OPENAI -> stream ? Provider.stream(CHAT_EVENTS) : Provider.json(200, CHAT_REPLY);
      case ANTHROPIC ->
          stream ? Provider.stream(MESSAGES_EVENTS) : Provider.json(200, MESSAGES_REPLY);
    };
  }

  /** The events of a good stream. */
  static String[] events(ProviderType type) {
    return switch (type) {
      case OPENAI -> CHAT_EVENTS.clone();
      case ANTHROPIC -> MESSAGES_EVENTS.clone();
    };
  }

  static String error(ProviderType type, String kind, String code, String message) {
    return switch (type) {
      case OPENAI ->
          "{\"error\":{\"message\":\""
              + message
              + "\",\"type\":\""
              + kind
              + "\",\"param\":null,\"code\":"
              + (code.isEmpty() ? "null" : "\"" + code + "\"")
              + "}}";
      case ANTHROPIC ->
          "{\"type\":\"error\",\"error\":{\"type\":\""
              + kind
              + "\",\"message\":\""
              + message
              + "\"},\"request_id\":\"req_1\"}";
    };
  }

  static String errorEvent(ProviderType type, String kind, String message) {
    return (type == ProviderType.ANTHROPIC ? "event: error\n" : "")
        + "data: "
        + error(type, kind, "", message)
        + "\n\n";
  }
}
