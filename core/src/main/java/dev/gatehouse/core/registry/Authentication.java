package dev.gatehouse.core.registry;

import dev.gatehouse.core.call.Principal;
import java.time.Duration;
import java.util.List;

/** What became of a shown credential. */
public sealed interface Authentication {

  /** The credential is good. */
  record Authenticated(Principal principal) implements Authentication {}

  /**
   * The credential is missing, malformed, unknown or expired.
   *
   * @param reason for the reply; says what to send, never what was sent
   */
  record Unauthenticated(String reason) implements Authentication {}

  /**
   * The credential is good, but lacks scopes without which nothing is served.
   *
   * @param reason for the reply
   * @param needed every scope that is needed
   */
  record Insufficient(String reason, List<String> needed) implements Authentication {
    public Insufficient {
      needed = List.copyOf(needed);
    }
  }

  /**
   * The credential cannot be checked now, which is not its fault.
   *
   * @param reason for the reply
   * @param retryAfter when a retry may succeed
   */
  record Unavailable(String reason, Duration retryAfter) implements Authentication {}
}
