package dev.gatehouse.llm.wire;

import java.util.Optional;

/** What one of the endpoints serves: its path, the words it speaks, the kind of call it makes. */
public enum Api {
  /** OpenAI chat completions. */
  CHAT("/v1/chat/completions", Protocol.CHAT, "chat"),
  /** Anthropic messages. */
  MESSAGES("/v1/messages", Protocol.MESSAGES, "chat"),
  /** OpenAI responses. */
  RESPONSES("/v1/responses", Protocol.RESPONSES, "chat"),
  /** OpenAI embeddings: vectors of one model mean nothing to another. */
  EMBEDDINGS("/v1/embeddings", Protocol.CHAT, "embeddings"),
  /** What a messages request would cost in tokens, without an answer. */
  COUNT_TOKENS("/v1/messages/count_tokens", Protocol.MESSAGES, "count_tokens");

  private final String path;
  private final Protocol protocol;
  private final String operation;

  Api(String path, Protocol protocol, String operation) {
    this.path = path;
    this.protocol = protocol;
    this.operation = operation;
  }

  /** The endpoint at that path. */
  public static Optional<Api> at(String path) {
    for (Api api : values()) {
      if (api.path.equals(path)) {
        return Optional.of(api);
      }
    }
    return Optional.empty();
  }

  /** Where clients find it. */
  public String path() {
    return path;
  }

  /** In whose words its errors are told. */
  public Protocol protocol() {
    return protocol;
  }

  /** The call's operation in policies and rows: {@code llm.chat} is one, however it is spelt. */
  public String operation() {
    return operation;
  }

  /** Whether it answers with a model's words, which may come as a stream. */
  public boolean answers() {
    return this == CHAT || this == MESSAGES || this == RESPONSES;
  }
}
