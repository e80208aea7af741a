package dev.gatehouse.policy.grant;

/**
 * Why a grant is over.
 *
 * @param why the word in rows
 * @param by the operator who ended it; empty where nobody did
 * @param reason what the operator said; likewise
 */
public record GrantEnd(String why, String by, String reason) {

  static final GrantEnd EXPIRED = new GrantEnd("expired");

  /** Its agent or connector was stopped, or the agent suspended. */
  static final GrantEnd SUSPENDED = new GrantEnd("suspended");

  /** Its agent is none any more. */
  static final GrantEnd DECOMMISSIONED = new GrantEnd("decommissioned");

  /** Agent, policies or risk tables are not those that it was given under. */
  static final GrantEnd SUPERSEDED = new GrantEnd("superseded");

  /** It could not be kept, and never was in force. */
  static final GrantEnd NOT_KEPT = new GrantEnd("not_kept");

  /** It ended at another node of the fleet, which does not say it in a way that is known here. */
  static final GrantEnd ELSEWHERE = new GrantEnd("elsewhere");

  private GrantEnd(String why) {
    this(why, "", "");
  }

  static GrantEnd revoked(String by, String reason) {
    return new GrantEnd("revoked", by, reason);
  }
}
