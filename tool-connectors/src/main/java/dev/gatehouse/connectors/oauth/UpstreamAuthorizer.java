package dev.gatehouse.connectors.oauth;

import dev.gatehouse.core.registry.AgentId;
import java.util.Optional;

/** The credentials that one upstream is shown. Thread-safe; methods return at once. */
public interface UpstreamAuthorizer {

  /** Shows nothing, and gives up when that is refused. */
  UpstreamAuthorizer NONE = (_, _) -> RequestAuthorization.NONE;

  /**
   * The credentials of one request to it.
   *
   * @param httpMethod such as {@code POST}
   * @param agent whose call it is; empty for what the gateway asks for itself
   */
  RequestAuthorization request(String httpMethod, Optional<AgentId> agent);
}
