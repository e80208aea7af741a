package dev.gatehouse.registry.token;

/**
 * How much the token endpoint takes. Every limit is at least 1; the config key of each is its name.
 *
 * @param requestsPerClientMax tokens that one agent gets within a minute
 * @param requestsPerAddressMax requests from one address within a minute, good or bad; an IPv6
 *     network of 64 bits counts as one
 * @param addressesMax addresses that are counted separately; all further ones share one count
 * @param assertionsMax signed assertions remembered until they end, so that each serves once; while
 *     that many are, no further one is taken
 */
public record TokenEndpointLimits(
    int requestsPerClientMax, int requestsPerAddressMax, int addressesMax, int assertionsMax) {

  /** A token lives for minutes, so a client needs few; many clients may share an address. */
  public static final TokenEndpointLimits DEFAULT =
      new TokenEndpointLimits(60, 600, 10_000, 10_000);

  public TokenEndpointLimits {
    atLeastOne("requestsPerClientMax", requestsPerClientMax);
    atLeastOne("requestsPerAddressMax", requestsPerAddressMax);
    atLeastOne("addressesMax", addressesMax);
    atLeastOne("assertionsMax", assertionsMax);
  }

  private static void atLeastOne(String name, int value) {
    if (value < 1) {
      throw new IllegalArgumentException(name + " is at least 1, this is " + value);
    }
  }
}
