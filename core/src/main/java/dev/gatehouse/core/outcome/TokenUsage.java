package dev.gatehouse.core.outcome;

/**
 * Tokens as the provider reported them; 0 where it reported none.
 *
 * @param inputTokens tokens of the prompt, cached ones included
 * @param outputTokens tokens of the answer, reasoning included
 * @param cacheReadTokens part of the input that came from the provider's cache
 * @param cacheWriteTokens part of the input that was written to the provider's cache
 * @param cacheWriteHourTokens part of the written ones that the provider keeps for an hour
 * @param reasoningTokens part of the output that was reasoning
 */
public record TokenUsage(
    long inputTokens,
    long outputTokens,
    long cacheReadTokens,
    long cacheWriteTokens,
    long cacheWriteHourTokens,
    long reasoningTokens) {

  /** Nothing reported. */
  public static final TokenUsage NONE = new TokenUsage(0, 0, 0, 0, 0);

  /** Usage of a provider that keeps nothing for an hour, or does not say so. */
  public TokenUsage(
      long inputTokens,
      long outputTokens,
      long cacheReadTokens,
      long cacheWriteTokens,
      long reasoningTokens) {
    this(inputTokens, outputTokens, cacheReadTokens, cacheWriteTokens, 0, reasoningTokens);
  }

  /** Input and output together. */
  public long totalTokens() {
    return inputTokens + outputTokens;
  }
}
