package dev.gatehouse.llm.config;

/** The wire protocol that a provider speaks. */
public enum ProviderType {
  /** Anthropic messages: {@code POST {base}/v1/messages}. */
  ANTHROPIC,
  /** OpenAI chat completions, which many others speak too: {@code POST {base}/chat/completions}. */
  OPENAI
}
