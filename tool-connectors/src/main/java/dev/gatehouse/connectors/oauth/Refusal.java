package dev.gatehouse.connectors.oauth;

import java.util.List;
import java.util.Optional;

/**
 * A server's answer that it does not let a request in.
 *
 * @param status 401 or 403
 * @param challenges the values of {@code WWW-Authenticate}
 * @param dpopNonce the value of {@code DPoP-Nonce}
 */
public record Refusal(int status, List<String> challenges, Optional<String> dpopNonce) {

  public Refusal {
    challenges = List.copyOf(challenges);
  }
}
