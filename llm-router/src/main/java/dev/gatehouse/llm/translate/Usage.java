package dev.gatehouse.llm.translate;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The tokens of one answer, in parts that both protocols are made of.
 *
 * <p>The chat protocol counts cached tokens inside {@code prompt_tokens}, the messages protocol
 * beside {@code input_tokens}; both count reasoning inside the output.
 *
 * @param freshTokens prompt tokens neither read from nor written to a cache
 * @param cacheReadTokens prompt tokens read from a cache
 * @param cacheWriteTokens prompt tokens written to a cache
 * @param outputTokens tokens of the answer, reasoning included
 * @param reasoningTokens part of the output that was reasoning
 */
record Usage(
    long freshTokens,
    long cacheReadTokens,
    long cacheWriteTokens,
    long outputTokens,
    long reasoningTokens) {

  static final Usage NONE = new Usage(0, 0, 0, 0, 0);

  /** Reads the {@code usage} of a chat completion. */
  static Usage ofChat(ReplyObject usage) {
    long read = usage.object("prompt_tokens_details").map(d -> d.count("cached_tokens")).orElse(0L);
    long written =
        usage.object("prompt_tokens_details").map(d -> d.count("cache_write_tokens")).orElse(0L);
    long reasoning =
        usage.object("completion_tokens_details").map(d -> d.count("reasoning_tokens")).orElse(0L);
    long fresh = Math.max(0, usage.count("prompt_tokens") - read - written);
    return new Usage(fresh, read, written, usage.count("completion_tokens"), reasoning);
  }

  /** Reads the {@code usage} of a response, which counts as the chat protocol does. */
  static Usage ofResponse(ReplyObject usage) {
    long read = usage.object("input_tokens_details").map(d -> d.count("cached_tokens")).orElse(0L);
    long written =
        usage.object("input_tokens_details").map(d -> d.count("cache_write_tokens")).orElse(0L);
    long reasoning =
        usage.object("output_tokens_details").map(d -> d.count("reasoning_tokens")).orElse(0L);
    long fresh = Math.max(0, usage.count("input_tokens") - read - written);
    return new Usage(fresh, read, written, usage.count("output_tokens"), reasoning);
  }

  /** The {@code usage} of a response. */
  Map<String, @Nullable Object> toResponse() {
    long input = freshTokens + cacheReadTokens + cacheWriteTokens;
    return Json.object(
        "input_tokens",
        input,
        "input_tokens_details",
        Json.object("cached_tokens", cacheReadTokens, "cache_write_tokens", cacheWriteTokens),
        "output_tokens",
        outputTokens,
        "output_tokens_details",
        Json.object("reasoning_tokens", reasoningTokens),
        "total_tokens",
        input + outputTokens);
  }

  /** Reads the {@code usage} of a message. */
  static Usage ofMessage(ReplyObject usage) {
    return NONE.updated(usage);
  }

  /**
   * The usage after a {@code message_delta}, whose counts are totals so far and leave out what does
   * not apply.
   */
  Usage updated(ReplyObject usage) {
    return new Usage(
        count(usage, "input_tokens", freshTokens),
        count(usage, "cache_read_input_tokens", cacheReadTokens),
        count(usage, "cache_creation_input_tokens", cacheWriteTokens),
        count(usage, "output_tokens", outputTokens),
        usage
            .object("output_tokens_details")
            .map(d -> count(d, "thinking_tokens", reasoningTokens))
            .orElse(reasoningTokens));
  }

  private static long count(ReplyObject usage, String name, long before) {
    return usage.number(name).map(Number::longValue).orElse(before);
  }

  /** The {@code usage} of a chat completion. */
  Map<String, @Nullable Object> toChat() {
    long prompt = freshTokens + cacheReadTokens + cacheWriteTokens;
    return Json.object(
        "prompt_tokens",
        prompt,
        "completion_tokens",
        outputTokens,
        "total_tokens",
        prompt + outputTokens,
        "prompt_tokens_details",
        Json.object("cached_tokens", cacheReadTokens, "cache_write_tokens", cacheWriteTokens),
        "completion_tokens_details",
        Json.object("reasoning_tokens", reasoningTokens));
  }

  /** The {@code usage} of a {@code message_delta}. */
  Map<String, @Nullable Object> toMessageDelta() {
    return Json.object(
        "input_tokens",
        freshTokens,
        "cache_creation_input_tokens",
        cacheWriteTokens,
        "cache_read_input_tokens",
        cacheReadTokens,
        "output_tokens",
        outputTokens,
        "output_tokens_details",
        Json.object("thinking_tokens", reasoningTokens),
        "server_tool_use",
        null);
  }

  /** The {@code usage} of a message, with every field that its type requires. */
  Map<String, @Nullable Object> toMessage() {
    Map<String, @Nullable Object> usage = toMessageDelta();
    usage.put("cache_creation", null);
    usage.put("inference_geo", null);
    usage.put("service_tier", null);
    usage.put("speed", null);
    return usage;
  }
}
