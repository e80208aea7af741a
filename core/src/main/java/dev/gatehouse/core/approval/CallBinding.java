package dev.gatehouse.core.approval;

import dev.gatehouse.core.call.GovernedCall;
import dev.gatehouse.core.json.Digest;
import dev.gatehouse.core.registry.AgentId;

/**
 * What an approval is bound to: this agent doing exactly this.
 *
 * @param operation the operation on the connector
 * @param digest the canonical digest of the complete arguments
 */
public record CallBinding(
    AgentId agent, String connector, String operation, String target, Digest digest) {

  /**
   * The binding of a call; the call's id and session are no part of it, so that an identical retry
   * has the same one.
   */
  public static CallBinding of(GovernedCall call) {
    return new CallBinding(
        call.principal().agent(), call.connector(), call.operation(), call.target(), call.digest());
  }
}
