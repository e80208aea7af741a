package dev.gatehouse.connectors.oauth;

import java.nio.file.Path;
import java.time.Duration;

/** A token that says on whose behalf the gateway asks for another one. */
public sealed interface Assertion {

  /** A token of the config. Never shown. */
  record Value(String token) implements Assertion {

    public Value {
      if (token.isBlank()) {
        throw new IllegalArgumentException("the assertion is empty");
      }
    }

    @Override
    public String toString() {
      return "Value[…]";
    }
  }

  /**
   * A token in a file that somebody renews, such as a workload's projected token; read each time.
   */
  record InFile(Path file) implements Assertion {}

  /**
   * A token that the gateway signs, about the agent whose call it is.
   *
   * @param key the gateway's key, whose public half the other side trusts
   * @param issuer the {@code iss}
   * @param audience the {@code aud}
   * @param lifetime until its {@code exp}
   */
  record OfAgent(SigningKey key, String issuer, String audience, Duration lifetime)
      implements Assertion {

    public OfAgent {
      if (issuer.isEmpty() || audience.isEmpty()) {
        throw new IllegalArgumentException(
            "an assertion of agents needs an issuer and an audience");
      }
      if (!lifetime.isPositive() || lifetime.compareTo(Duration.ofHours(1)) > 0) {
        throw new IllegalArgumentException(
            "an assertion lives for more than nothing and at most 1 h, this for " + lifetime);
      }
    }
  }
}
