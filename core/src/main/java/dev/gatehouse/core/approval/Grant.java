package dev.gatehouse.core.approval;

import dev.gatehouse.core.call.CallId;
import dev.gatehouse.core.call.GovernedCall;
import java.time.Instant;

/**
 * A temporary right, just in time: until it expires, calls within its scope need not ask a person.
 *
 * @param id names it in rows
 * @param expiresAt from this instant on it is void
 */
public record Grant(
    String id, GrantScope scope, Instant openedAt, Instant expiresAt, Origin origin) {

  /**
   * Where it comes from.
   *
   * @param approval the approval that opened it
   * @param call the call that asked for it
   * @param approvedBy who said yes
   * @param why what the agent wants it for
   * @param node the process of the fleet that opened it; empty where that was not kept
   */
  public record Origin(
      ApprovalId approval,
      CallId call,
      String approvedBy,
      String why,
      GrantTerms terms,
      String node) {}

  /** Whether its scope holds the call at that time. */
  public boolean covers(GovernedCall call, Instant at) {
    return at.isBefore(expiresAt) && scope.covers(call);
  }
}
