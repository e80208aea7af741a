package dev.gatehouse.llm.translate;

import dev.gatehouse.llm.wire.Protocol;
import java.time.InstantSource;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** The translations there are; each may be shared by all threads. */
public final class Translations {

  /**
   * Token limit of a request that sets none, where the upstream's protocol demands one: as much as
   * every Claude on offer can answer, and enough that a normal answer is not cut off.
   */
  public static final long MAX_TOKENS_DEFAULT = 16_384;

  private record Way(Protocol client, Protocol upstream) {}

  private static final Map<Way, Translation> MATRIX =
      Map.of(
          new Way(Protocol.CHAT, Protocol.MESSAGES), chatToMessages(),
          new Way(Protocol.CHAT, Protocol.RESPONSES), chatToResponses(InstantSource.system()),
          new Way(Protocol.MESSAGES, Protocol.CHAT), messagesToChat(),
          new Way(Protocol.MESSAGES, Protocol.RESPONSES),
              Through.messagesToResponses(
                  messagesToChat(), chatToResponses(InstantSource.system())),
          new Way(Protocol.RESPONSES, Protocol.CHAT), responsesToChat(InstantSource.system()),
          new Way(Protocol.RESPONSES, Protocol.MESSAGES),
              Through.responsesToMessages(
                  responsesToChat(InstantSource.system()), chatToMessages()));

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

  /** The client speaks OpenAI responses, the upstream chat completions. */
  public static Translation responsesToChat(InstantSource clock) {
    return new ResponsesToChat(clock);
  }

  /** The client speaks OpenAI chat completions, the upstream responses. */
  public static Translation chatToResponses(InstantSource clock) {
    return new ChatToResponses(clock);
  }

  /**
   * The translation between a client's protocol and another one of an upstream.
   *
   * @throws NullPointerException when they are the same
   */
  public static Translation between(Protocol client, Protocol upstream) {
    return Objects.requireNonNull(
        MATRIX.get(new Way(client, upstream)), "a protocol is not translated to itself");
  }

  /** A refusal that names a member of a chat request, naming it as that protocol's clients do. */
  public static UntranslatableException inTheWordsOf(
      Protocol client, UntranslatableException refusal) {
    return Through.inTheWordsOf(client, refusal);
  }

  /**
   * What a request of that protocol mentions when it holds something that a translation made up and
   * a native upstream would refuse; empty when the protocol has no such thing.
   */
  public static Optional<String> foreignMark(Protocol protocol) {
    return switch (protocol) {
      case CHAT -> Optional.empty();
      case MESSAGES -> Optional.of(UnsignedThinking.SIGNATURE);
      case RESPONSES -> Optional.of(SealedThinking.ID_PREFIX);
    };
  }

  /**
   * A request without what a translation made up, for an upstream that speaks its protocol itself.
   *
   * <p>A client sends thinking back with the conversation, and Anthropic refuses thinking that it
   * did not sign: without this, a conversation that failed over once could never return.
   *
   * @return the very same object when there is nothing of the kind, so that the bytes can pass
   */
  public static Map<String, Object> withoutForeign(Protocol protocol, Map<String, Object> request) {
    return switch (protocol) {
      case CHAT -> request;
      case MESSAGES -> UnsignedThinking.removedFrom(request);
      case RESPONSES -> SealedThinking.removedFrom(request);
    };
  }
}
