package dev.gatehouse.bench.peer;

import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * A provider's answer in its wire format, made once.
 *
 * @param whole the JSON body of an answer that is not streamed
 * @param events the server-sent events of one that is
 */
record CannedAnswers(Buffer whole, List<Buffer> events) {

  private static final String TEXT =
      "The gateway forwarded this request and wrote down that it did. "
          + "Nothing in this answer was made by a model; it is the same each time.";
  private static final List<String> WORDS = List.of(TEXT.split("(?<= )"));
  private static final byte[] STREAM = "\"stream\":".getBytes(StandardCharsets.US_ASCII);

  static final CannedAnswers OPENAI = openai();
  static final CannedAnswers ANTHROPIC = anthropic();

  /** Whether the request asks for a stream, found without parsing it. */
  static boolean wantsStream(Buffer request) {
    byte[] bytes = request.getBytes();
    for (int i = 0; i + STREAM.length < bytes.length; i++) {
      if (bytes[i] == '"' && startsAt(bytes, i)) {
        int value = i + STREAM.length;
        return bytes[value] == 't' || (bytes[value] == ' ' && bytes[value + 1] == 't');
      }
    }
    return false;
  }

  private static boolean startsAt(byte[] bytes, int at) {
    for (int i = 1; i < STREAM.length; i++) {
      if (bytes[at + i] != STREAM[i]) {
        return false;
      }
    }
    return true;
  }

  private static CannedAnswers openai() {
    String usage =
        """
        "usage":{"prompt_tokens":211,"completion_tokens":29,"total_tokens":240}\
        """;
    String whole =
        """
        {"id":"chatcmpl-bench","object":"chat.completion","created":1790000000,"model":"bench-1",\
        "choices":[{"index":0,"message":{"role":"assistant","content":"%s","refusal":null},\
        "logprobs":null,"finish_reason":"stop"}],%s,"system_fingerprint":"fp_bench"}\
        """
            .formatted(TEXT, usage);
    List<Buffer> events = new ArrayList<>();
    events.add(chunk("{\"role\":\"assistant\",\"content\":\"\"}", "null"));
    WORDS.forEach(word -> events.add(chunk("{\"content\":\"" + word + "\"}", "null")));
    events.add(chunk("{}", "\"stop\""));
    events.add(
        Buffer.buffer(
            "data: {\"id\":\"chatcmpl-bench\",\"object\":\"chat.completion.chunk\","
                + "\"created\":1790000000,\"model\":\"bench-1\",\"choices\":[],"
                + usage
                + "}\n\n"));
    events.add(Buffer.buffer("data: [DONE]\n\n"));
    return new CannedAnswers(Buffer.buffer(whole), List.copyOf(events));
  }

  private static Buffer chunk(String delta, String finish) {
    return Buffer.buffer(
        """
        data: {"id":"chatcmpl-bench","object":"chat.completion.chunk","created":1790000000,\
        "model":"bench-1","choices":[{"index":0,"delta":%s,"logprobs":null,"finish_reason":%s}]}

        """
            .formatted(delta, finish));
  }

  private static CannedAnswers anthropic() {
    String whole =
        """
        {"id":"msg_bench","type":"message","role":"assistant","model":"bench-1",\
        "content":[{"type":"text","text":"%s"}],"stop_reason":"end_turn","stop_sequence":null,\
        "usage":{"input_tokens":211,"output_tokens":29}}\
        """
            .formatted(TEXT);
    List<Buffer> events = new ArrayList<>();
    events.add(
        event(
            "message_start",
            """
            "message":{"id":"msg_bench","type":"message","role":"assistant","model":"bench-1",\
            "content":[],"stop_reason":null,"stop_sequence":null,\
            "usage":{"input_tokens":211,"output_tokens":1}}\
            """));
    events.add(
        event(
            "content_block_start",
            "\"index\":0,\"content_block\":{\"type\":\"text\",\"text\":\"\"}"));
    WORDS.forEach(
        word ->
            events.add(
                event(
                    "content_block_delta",
                    "\"index\":0,\"delta\":{\"type\":\"text_delta\",\"text\":\"" + word + "\"}")));
    events.add(event("content_block_stop", "\"index\":0"));
    events.add(
        event(
            "message_delta",
            "\"delta\":{\"stop_reason\":\"end_turn\",\"stop_sequence\":null},"
                + "\"usage\":{\"output_tokens\":29}"));
    events.add(Buffer.buffer("event: message_stop\ndata: {\"type\":\"message_stop\"}\n\n"));
    return new CannedAnswers(Buffer.buffer(whole), List.copyOf(events));
  }

  private static Buffer event(String type, String members) {
    return Buffer.buffer(
        "event: " + type + "\ndata: {\"type\":\"" + type + "\"," + members + "}\n\n");
  }
}
