package dev.gatehouse.llm;

import dev.gatehouse.llm.config.ProviderType;
import dev.gatehouse.llm.wire.Protocol;
import java.util.Arrays;

/** What the protocols say in these tests. */
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

  static final String RESPONSE =
      """
      {"id":"resp_1","object":"response","created_at":1,"status":"completed","error":null,
       "incomplete_details":null,"instructions":null,"metadata":{},"model":"gpt-served",
       "output":[{"id":"msg_1","type":"message","status":"completed","role":"assistant",
         "content":[{"type":"output_text","text":"Hello","annotations":[],"logprobs":[]}]}],
       "parallel_tool_calls":true,"tool_choice":"auto","tools":[],"temperature":1.0,"top_p":1.0,
       "usage":{"input_tokens":20,"input_tokens_details":{"cached_tokens":5},"output_tokens":7,
         "output_tokens_details":{"reasoning_tokens":3},"total_tokens":27},
       "x_unknown":{"kept":[1,2.50]}}\
      """;

  static final String[] RESPONSE_EVENTS = {
    responseEvent(0, "response.created", responseSoFar("in_progress")),
    responseEvent(1, "response.in_progress", responseSoFar("in_progress")),
    responseEvent(
        2,
        "response.output_item.added",
        "\"output_index\":0,\"item\":{\"id\":\"msg_1\",\"type\":\"message\","
            + "\"status\":\"in_progress\",\"role\":\"assistant\",\"content\":[]}"),
    responseEvent(
        3,
        "response.content_part.added",
        "\"item_id\":\"msg_1\",\"output_index\":0,\"content_index\":0,"
            + "\"part\":{\"type\":\"output_text\",\"text\":\"\",\"annotations\":[]}"),
    responseEvent(4, "response.output_text.delta", textDelta("Hel")),
    responseEvent(5, "response.output_text.delta", textDelta("lo")),
    responseEvent(
        6,
        "response.output_text.done",
        "\"item_id\":\"msg_1\",\"output_index\":0,\"content_index\":0,\"text\":\"Hello\","
            + "\"logprobs\":[]"),
    responseEvent(
        7,
        "response.output_item.done",
        "\"output_index\":0,\"item\":{\"id\":\"msg_1\",\"type\":\"message\","
            + "\"status\":\"completed\",\"role\":\"assistant\",\"content\":["
            + "{\"type\":\"output_text\",\"text\":\"Hello\",\"annotations\":[]}]}"),
    responseEvent(8, "response.completed", "\"response\":" + RESPONSE.replace("\n", ""))
  };

  private static String textDelta(String text) {
    return "\"item_id\":\"msg_1\",\"output_index\":0,\"content_index\":0,\"logprobs\":[],\"delta\":\""
        + text
        + "\"";
  }

  static String responseSoFar(String status) {
    return "\"response\":{\"id\":\"resp_1\",\"object\":\"response\",\"created_at\":1,\"status\":\""
        + status
        + "\",\"error\":null,\"model\":\"gpt-served\",\"output\":[],\"usage\":null}";
  }

  static String responseEvent(int number, String type, String members) {
    return event(type, "\"sequence_number\":" + number + "," + members);
  }

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
    String members =
        switch (protocol) {
          case CHAT -> "\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]";
          case MESSAGES ->
              "\"max_tokens\":64,\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]";
          case RESPONSES -> "\"input\":[{\"role\":\"user\",\"content\":\"hi\"}]";
        };
    return "{\"model\":\"" + model + "\"," + members + ",\"stream\":" + stream + "}";
  }

  static String path(Protocol protocol) {
    return switch (protocol) {
      case CHAT -> "/v1/chat/completions";
      case MESSAGES -> "/v1/messages";
      case RESPONSES -> "/v1/responses";
    };
  }

  /** A type of provider that speaks it. */
  static ProviderType type(Protocol protocol) {
    return protocol == Protocol.MESSAGES ? ProviderType.ANTHROPIC : ProviderType.OPENAI;
  }

  private static Protocol protocol(ProviderType type) {
    return type == ProviderType.ANTHROPIC ? Protocol.MESSAGES : Protocol.CHAT;
  }

  /** A good answer in the provider's words. */
  static Provider.Script good(Protocol protocol, boolean stream) {
    return stream ? Provider.stream(events(protocol)) : Provider.json(200, reply(protocol));
  }

  static Provider.Script good(ProviderType type, boolean stream) {
    return good(protocol(type), stream);
  }

  /** A good whole reply. */
  static String reply(Protocol protocol) {
    return switch (protocol) {
      case CHAT -> CHAT_REPLY;
      case MESSAGES -> MESSAGES_REPLY;
      case RESPONSES -> RESPONSE;
    };
  }

  /** The events of a good stream. */
  static String[] events(Protocol protocol) {
    return switch (protocol) {
      case CHAT -> CHAT_EVENTS.clone();
      case MESSAGES -> MESSAGES_EVENTS.clone();
      case RESPONSES -> RESPONSE_EVENTS.clone();
    };
  }

  /** The first of them, up to one that is no mere preamble. */
  static String[] begun(Protocol protocol) {
    return Arrays.copyOf(events(protocol), protocol == Protocol.RESPONSES ? 3 : 1);
  }

  static String[] events(ProviderType type) {
    return events(protocol(type));
  }

  static String error(ProviderType type, String kind, String code, String message) {
    return error(protocol(type), kind, code, message);
  }

  static String error(Protocol protocol, String kind, String code, String message) {
    return switch (protocol) {
      case CHAT, RESPONSES ->
          "{\"error\":{\"message\":\""
              + message
              + "\",\"type\":\""
              + kind
              + "\",\"param\":null,\"code\":"
              + (code.isEmpty() ? "null" : "\"" + code + "\"")
              + "}}";
      case MESSAGES ->
          "{\"type\":\"error\",\"error\":{\"type\":\""
              + kind
              + "\",\"message\":\""
              + message
              + "\"},\"request_id\":\"req_1\"}";
    };
  }

  static String errorEvent(ProviderType type, String kind, String message) {
    return errorEvent(protocol(type), kind, message);
  }

  static String errorEvent(Protocol protocol, String kind, String message) {
    return switch (protocol) {
      case CHAT -> "data: " + error(protocol, kind, "", message) + "\n\n";
      case MESSAGES -> "event: error\ndata: " + error(protocol, kind, "", message) + "\n\n";
      case RESPONSES ->
          "event: error\ndata: {\"type\":\"error\",\"sequence_number\":2,\"code\":\""
              + kind
              + "\",\"message\":\""
              + message
              + "\",\"param\":null}\n\n";
    };
  }
}
