package dev.gatehouse.llm.translate;

import java.time.InstantSource;
import java.util.Map;

/** The translations there are; each may be shared by all threads. */
public final class Translations {

  /**
   * Token limit of a request that sets none, where the upstream's protocol demands one: as much as
   * every Claude on offer can answer, and enough that a normal answer is not cut off.
   */
  public static final long MAX_TOKENS_DEFAULT = 16_384;

  private Translations() {}

  /** The client speaks OpenAI chat completions, the upstream Anthropic messages. */
  public static Translation chatToMessages() {
    return chatToMessages(MAX_TOKENS_DEFAULT, InstantSource.system());
  }

  /**
   * The client speaks OpenAI chat completions, the upstream Anthropic messages.
   *
   * @param maxTokensDefault {@code max_tokens} for requests that set no limit
   * @param clock tells when an answer was {@code created}, which the upstream does not
   */
  public static Translation chatToMessages(long maxTokensDefault, InstantSource clock) {
    if (maxTokensDefault < 1) {
      throw new IllegalArgumentException(
          "maxTokensDefault must be at least 1: " + maxTokensDefault);
    }
    return new ChatToMessages(maxTokensDefault, clock);
  }

  /** The client speaks Anthropic messages, the upstream OpenAI chat completions. */
  public static Translation messagesToChat() {
    return new MessagesToChat();
  }

  /**
   * A messages request without the thinking that {@link #messagesToChat} made of a chat model's
   * reasoning, for an upstream that speaks messages itself.
   *
   * <p>A client sends thinking back with the conversation, and Anthropic refuses thinking that it
   * did not sign: without this, a conversation that failed over once could never return.
   *
   * @return the very same object when there is no such thinking, so that the bytes can pass through
   */
  public static Map<String, Object> withoutUnsignedThinking(Map<String, Object> messagesRequest) {
    return UnsignedThinking.removedFrom(messagesRequest);
  }
}
