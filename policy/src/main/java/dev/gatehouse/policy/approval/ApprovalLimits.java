package dev.gatehouse.policy.approval;

import dev.gatehouse.policy.ranges.Ranges;
import java.time.Duration;

/**
 * Bounds of the approvals. A question counts as open until it is denied, used or expired.
 *
 * @param openMax open questions of all agents
 * @param openPerAgentMax open questions of one agent: it cannot keep the others from asking
 * @param argumentBytesMax canonical size of the arguments of one question; longer ones cannot be
 *     shown completely, so the call is refused
 * @param openArgumentBytesMax canonical size of the arguments of all open questions
 * @param rememberedMax questions that are over and still answer {@code find}; the oldest goes first
 * @param denialStands for how long a no also answers identical calls, so that an agent that simply
 *     retries does not ask again; zero to have it ask at once
 * @param ownerMayApprove whether an agent's owner may approve its calls; no is the four-eyes rule
 */
public record ApprovalLimits(
    int openMax,
    int openPerAgentMax,
    int argumentBytesMax,
    long openArgumentBytesMax,
    int rememberedMax,
    Duration denialStands,
    boolean ownerMayApprove) {

  /** 1,000 questions, 50 an agent, 256 KiB each, 32 MiB together, 10,000 remembered, a minute. */
  public static final ApprovalLimits DEFAULT =
      new ApprovalLimits(1_000, 50, 256 << 10, 32L << 20, 10_000, Duration.ofMinutes(1), false);

  /** Limits under which an agent's owner does not approve its calls. */
  public ApprovalLimits(
      int openMax,
      int openPerAgentMax,
      int argumentBytesMax,
      long openArgumentBytesMax,
      int rememberedMax,
      Duration denialStands) {
    this(
        openMax,
        openPerAgentMax,
        argumentBytesMax,
        openArgumentBytesMax,
        rememberedMax,
        denialStands,
        false);
  }

  public ApprovalLimits {
    Ranges.check("the number of open approvals", openMax, 1, 100_000);
    Ranges.check("the number of open approvals of an agent", openPerAgentMax, 1, 100_000);
    Ranges.check("the argument bytes of an approval", argumentBytesMax, 1, 16 << 20);
    Ranges.check(
        "the argument bytes of all open approvals",
        openArgumentBytesMax,
        argumentBytesMax,
        1L << 30);
    Ranges.check("the number of remembered approvals", rememberedMax, 0, 1_000_000);
    Ranges.check("the time a denial stands", denialStands, Duration.ZERO, Duration.ofDays(1));
  }
}
