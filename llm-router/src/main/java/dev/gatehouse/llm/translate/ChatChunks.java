package dev.gatehouse.llm.translate;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The chunks of one streamed chat completion: they share id, model and time. */
final class ChatChunks {

  /** What ends a stream of the chat protocol. */
  static final SseEvent DONE = SseEvent.unnamed("[DONE]");

  private final long createdSecond;
  private String id = "";
  private String model = "";

  ChatChunks(long createdSecond) {
    this.createdSecond = createdSecond;
  }

  /** Sets what the upstream's first event told. */
  void name(String id, String model) {
    this.id = id;
    this.model = model;
  }

  SseEvent delta(Map<String, @Nullable Object> delta) {
    return choice(delta, null);
  }

  /** A piece of text with its log probabilities. */
  SseEvent delta(Map<String, @Nullable Object> delta, List<?> logprobs) {
    Map<String, @Nullable Object> choice =
        Json.object(
            "index",
            0,
            "delta",
            delta,
            "logprobs",
            Json.object("content", logprobs, "refusal", null),
            "finish_reason",
            null);
    return chunk(List.of(choice), null);
  }

  SseEvent toolCall(Map<String, @Nullable Object> call) {
    return delta(Json.object("tool_calls", List.of(call)));
  }

  SseEvent finish(String finishReason) {
    return choice(Json.object(), finishReason);
  }

  /** The chunk without a choice that follows all others. */
  SseEvent usage(Usage usage) {
    return chunk(List.of(), usage.toChat());
  }

  private SseEvent choice(Map<String, @Nullable Object> delta, @Nullable String finishReason) {
    Map<String, @Nullable Object> choice =
        Json.object("index", 0, "delta", delta, "logprobs", null, "finish_reason", finishReason);
    return chunk(List.of(choice), null);
  }

  private SseEvent chunk(
      List<Map<String, @Nullable Object>> choices, @Nullable Map<String, @Nullable Object> usage) {
    Map<String, @Nullable Object> chunk =
        Json.object(
            "id", id,
            "object", "chat.completion.chunk",
            "created", createdSecond,
            "model", model,
            "choices", choices);
    if (usage != null) {
      chunk.put("usage", usage);
    }
    return SseEvent.unnamed(Json.data(chunk));
  }
}
