package dev.gatehouse.connectors.oauth;

import dev.gatehouse.core.registry.AgentId;
import java.util.Optional;

/** A way to come by tokens. Blocks. */
interface Grant {

  /**
   * Obtains tokens.
   *
   * @param need what they are for
   */
  Tokens obtain(Need need) throws OAuthException;

  /**
   * What tokens are for.
   *
   * @param found who protects the upstream
   * @param scopes what to ask for
   * @param bound whether to ask for bound tokens
   * @param agent on whose behalf; the gateway's own when empty
   */
  record Need(Discovered found, Scopes scopes, boolean bound, Optional<AgentId> agent) {}
}
