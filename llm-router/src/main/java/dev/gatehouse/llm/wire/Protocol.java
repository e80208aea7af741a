package dev.gatehouse.llm.wire;

/** The protocol that a client speaks. */
public enum Protocol {
  /** OpenAI chat completions. */
  CHAT,
  /** Anthropic messages. */
  MESSAGES,
  /** OpenAI responses. */
  RESPONSES
}
