package dev.gatehouse.llm.wire;

import dev.gatehouse.llm.config.ProviderType;

/** The protocol that a client speaks. */
public enum Protocol {
  /** OpenAI chat completions. */
  CHAT(ProviderType.OPENAI),
  /** Anthropic messages. */
  MESSAGES(ProviderType.ANTHROPIC);

  private final ProviderType providerType;

  Protocol(ProviderType type) {
    this.providerType = type;
  }

  /** The type of provider that speaks it too. */
  public ProviderType providerType() {
    return providerType;
  }
}
