package dev.gatehouse.core.registry;

import dev.gatehouse.core.call.Principal;

/** What became of a shown credential. */
public sealed interface Authentication {

  /** The credential is good. */
  record Authenticated(Principal principal) implements Authentication {}

  /**
   * The credential is missing, malformed or unknown.
   *
   * @param reason for the reply; says what to send, never what was sent
   */
  record Unauthenticated(String reason) implements Authentication {}
}
