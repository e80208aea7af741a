package dev.gatehouse.llm.translate;

import java.util.Optional;

/**
 * How much a model shall think: the effort of both protocols, and the thinking budget that models
 * without effort take instead.
 *
 * <p>The budgets double from step to step like the ones other gateways use; neither vendor
 * publishes a conversion.
 */
enum Effort {
  MINIMAL("minimal", "low", 1_024),
  LOW("low", "low", 2_048),
  MEDIUM("medium", "medium", 8_192),
  HIGH("high", "high", 16_384),
  XHIGH("xhigh", "xhigh", 24_576),
  MAX("max", "max", 32_768);

  /** The least budget that the messages protocol takes. */
  static final long BUDGET_TOKENS_MIN = 1_024;

  private final String chatName;
  private final String messagesName;
  private final long budgetTokens;

  Effort(String chatName, String messagesName, long budgetTokens) {
    this.chatName = chatName;
    this.messagesName = messagesName;
    this.budgetTokens = budgetTokens;
  }

  /** The effort with this {@code reasoning_effort}. */
  static Optional<Effort> ofChat(String name) {
    for (Effort effort : values()) {
      if (effort.chatName.equals(name)) {
        return Optional.of(effort);
      }
    }
    return Optional.empty();
  }

  /**
   * The effort nearest to a budget, between low and high: the ones beyond exist on few models, and
   * nobody who gave a budget asked for them.
   */
  static Effort ofBudget(long budgetTokens) {
    if (budgetTokens >= HIGH.budgetTokens) {
      return HIGH;
    }
    return budgetTokens >= MEDIUM.budgetTokens ? MEDIUM : LOW;
  }

  String chatName() {
    return chatName;
  }

  String messagesName() {
    return messagesName;
  }

  long budgetTokens() {
    return budgetTokens;
  }
}
