package dev.gatehouse.llm.config;

import dev.gatehouse.core.outcome.TokenUsage;
import java.util.OptionalLong;

/**
 * What a model's tokens cost, in millionths of a US dollar per million tokens. What has no price
 * has an unknown cost, so that nothing is ever free by omission.
 *
 * @param input tokens of the prompt that have nothing to do with a cache
 * @param output tokens of the answer
 * @param cacheRead tokens of the prompt that the provider's cache had
 * @param cacheWrite tokens of the prompt that went to the provider's cache
 * @param cacheWriteHour those of them that it keeps for an hour
 * @param reasoning tokens of reasoning; empty when they cost what the others of the answer do
 */
public record Price(
    OptionalLong input,
    OptionalLong output,
    OptionalLong cacheRead,
    OptionalLong cacheWrite,
    OptionalLong cacheWriteHour,
    OptionalLong reasoning) {

  /** The highest price: a million dollars per million tokens. */
  public static final long MOST = 1_000_000_000_000L;

  private static final long PICO_PER_NANO = 1_000;

  public Price {
    check("input", input);
    check("output", output);
    check("cache_read", cacheRead);
    check("cache_write", cacheWrite);
    check("cache_write_1h", cacheWriteHour);
    check("reasoning", reasoning);
  }

  private static void check(String name, OptionalLong price) {
    if (price.isPresent() && (price.getAsLong() < 0 || price.getAsLong() > MOST)) {
      throw new IllegalArgumentException(
          "the price of " + name + " lies in 0..1000000 USD per million tokens");
    }
  }

  /**
   * What that usage costs, in billionths of a US dollar, rounded up; empty when a part of it has no
   * price.
   */
  public OptionalLong costNanoUsd(TokenUsage usage) {
    long fresh = usage.inputTokens() - usage.cacheReadTokens() - usage.cacheWriteTokens();
    long answer = usage.outputTokens() - usage.reasoningTokens();
    Sum sum = new Sum();
    sum.add(fresh, input);
    sum.add(usage.cacheReadTokens(), cacheRead);
    sum.add(usage.cacheWriteTokens() - usage.cacheWriteHourTokens(), cacheWrite);
    sum.add(usage.cacheWriteHourTokens(), cacheWriteHour);
    sum.add(answer, output);
    sum.add(usage.reasoningTokens(), reasoning.isPresent() ? reasoning : output);
    return sum.nanoUsd();
  }

  /**
   * The most that so many tokens can cost, in billionths of a US dollar; empty when input or output
   * has no price though there is some.
   */
  public OptionalLong mostNanoUsd(long inputTokens, long outputTokens) {
    Sum sum = new Sum();
    sum.add(inputTokens, most(most(input, cacheWrite), cacheWriteHour));
    sum.add(outputTokens, most(output, reasoning));
    return input.isEmpty() && inputTokens > 0 ? OptionalLong.empty() : sum.nanoUsd();
  }

  private static OptionalLong most(OptionalLong one, OptionalLong other) {
    return other.isPresent() && other.getAsLong() > one.orElse(-1) ? other : one;
  }

  /** A sum in millionths of a millionth of a dollar, as long as it is known and can be held. */
  private static final class Sum {

    private long pico;
    private boolean known = true;

    void add(long tokens, OptionalLong price) {
      if (tokens == 0) {
        return;
      }
      if (tokens < 0 || price.isEmpty()) {
        known = false; // counts that contradict one another have no price either
        return;
      }
      try {
        pico = Math.addExact(pico, Math.multiplyExact(tokens, price.getAsLong()));
      } catch (ArithmeticException e) {
        known = false;
      }
    }

    OptionalLong nanoUsd() {
      return known ? OptionalLong.of(Math.ceilDiv(pico, PICO_PER_NANO)) : OptionalLong.empty();
    }
  }
}
