package dev.gatehouse.llm.config;

import dev.gatehouse.llm.wire.Api;
import java.util.Set;

/** What a provider is, which says what it speaks. */
public enum ProviderType {
  /** Anthropic messages: {@code POST {base}/v1/messages}. */
  ANTHROPIC,
  /** OpenAI's wire, which many others speak too: {@code POST {base}/chat/completions}. */
  OPENAI,
  /** OpenAI's wire at addresses of Azure's, the key in a header of its own. */
  AZURE,
  /** Google's Gemini API, through an adapter. */
  GEMINI,
  /** The Converse API of Amazon Bedrock, through an adapter. */
  BEDROCK,
  /** Ollama's own API, through an adapter. */
  OLLAMA,
  /** Mistral's API, through an adapter. */
  MISTRAL;

  /** What a provider of this type may speak. */
  public Set<Api> possibleApis() {
    return switch (this) {
      case ANTHROPIC -> Set.of(Api.MESSAGES, Api.COUNT_TOKENS);
      case OPENAI, AZURE -> Set.of(Api.CHAT, Api.RESPONSES, Api.EMBEDDINGS);
      case GEMINI, BEDROCK, OLLAMA, MISTRAL -> Set.of(Api.CHAT);
    };
  }

  /** What one speaks when nothing is said: what nearly all servers of this type do. */
  public Set<Api> usualApis() {
    return switch (this) {
      case OPENAI, AZURE -> Set.of(Api.CHAT, Api.EMBEDDINGS);
      case ANTHROPIC, GEMINI, BEDROCK, OLLAMA, MISTRAL -> possibleApis();
    };
  }

  /** Whether a library speaks to it, to which we speak chat; else bytes go over our own wire. */
  public boolean adapted() {
    return switch (this) {
      case GEMINI, BEDROCK, OLLAMA, MISTRAL -> true;
      case ANTHROPIC, OPENAI, AZURE -> false;
    };
  }
}
