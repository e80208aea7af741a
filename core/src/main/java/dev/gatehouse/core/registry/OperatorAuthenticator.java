package dev.gatehouse.core.registry;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Checks the credential of a person at the admin API. An agent's key is none. Called on an event
 * loop; never blocks, never throws. Thread-safe.
 */
public interface OperatorAuthenticator {

  /**
   * Checks an {@code Authorization} header.
   *
   * @return the operator; empty when the credential is missing, malformed or unknown
   */
  Optional<Operator> authenticate(@Nullable String authorization);
}
