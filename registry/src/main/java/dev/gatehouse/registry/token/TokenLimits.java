package dev.gatehouse.registry.token;

import java.time.Duration;

/**
 * How much and how long. The config key of each is its name.
 *
 * @param tokenCharsMax longest token that is looked at
 * @param tokenLifetimeMax tokens that expire later than this from now are refused
 * @param verifiedTokensMax verified tokens kept, so that a token is verified once
 * @param keysRefresh between two fetches of an issuer's keys
 * @param keysRefreshMin the shortest time between two fetches, however many unknown keys are named
 * @param keysTimeout for a fetch, and for a request that waits for it
 * @param keysMaxAge how long keys serve while their issuer cannot be reached
 */
public record TokenLimits(
    int tokenCharsMax,
    Duration tokenLifetimeMax,
    int verifiedTokensMax,
    Duration keysRefresh,
    Duration keysRefreshMin,
    Duration keysTimeout,
    Duration keysMaxAge) {

  /** The defaults. */
  public static final TokenLimits DEFAULT =
      new TokenLimits(
          8192,
          Duration.ofHours(24),
          10_000,
          Duration.ofMinutes(10),
          Duration.ofSeconds(10),
          Duration.ofSeconds(3),
          Duration.ofHours(24));

  public TokenLimits {
    atLeastOne("tokenCharsMax", tokenCharsMax);
    atLeastOne("verifiedTokensMax", verifiedTokensMax);
    positive("tokenLifetimeMax", tokenLifetimeMax);
    positive("keysRefresh", keysRefresh);
    positive("keysRefreshMin", keysRefreshMin);
    positive("keysTimeout", keysTimeout);
    positive("keysMaxAge", keysMaxAge);
  }

  private static void atLeastOne(String name, int value) {
    if (value < 1) {
      throw new IllegalArgumentException(name + " is at least 1, this is " + value);
    }
  }

  private static void positive(String name, Duration value) {
    if (!value.isPositive()) {
      throw new IllegalArgumentException(name + " is longer than zero, this is " + value);
    }
  }
}
