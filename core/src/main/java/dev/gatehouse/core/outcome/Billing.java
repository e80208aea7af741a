package dev.gatehouse.core.outcome;

import java.util.Optional;
import java.util.OptionalLong;

/**
 * What one try of a provider used up, as far as anybody can tell.
 *
 * @param billed whether the provider will ask money for it
 * @param usage what the provider reported, perhaps not to the end; empty when it reported nothing
 * @param costNanoUsd its price in billionths of a US dollar; empty when the price or the usage is
 *     not known
 */
public record Billing(Billed billed, Optional<TokenUsage> usage, OptionalLong costNanoUsd) {

  /** Nothing was used up. */
  public static final Billing NOTHING =
      new Billing(Billed.NO, Optional.empty(), OptionalLong.empty());

  /** Whether a provider asks money. */
  public enum Billed {
    /** It computed nothing, or says that it did not. */
    NO,
    /** It was at work when it was lost, given up or cut off. */
    LIKELY,
    /** It answered. */
    YES
  }

  public Billing {
    if (billed == Billed.NO && costNanoUsd.isPresent()) {
      throw new IllegalArgumentException("what is not billed has no cost");
    }
  }

  /** Whether it has a cost that nobody knows. */
  public boolean costUnknown() {
    return billed != Billed.NO && costNanoUsd.isEmpty();
  }

  /** Whether tokens were used up that nobody counted to the end. */
  public boolean usageUnknown() {
    return billed == Billed.LIKELY || (billed == Billed.YES && usage.isEmpty());
  }
}
