package dev.gatehouse.core.approval;

import dev.gatehouse.core.decision.Reason;

/** A question that may not be asked, because a limit of the approvals is reached. */
public final class ApprovalNotOpenedException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final transient Reason reason;

  /**
   * @param reason names the limit and its value; becomes the refusal
   */
  public ApprovalNotOpenedException(Reason reason) {
    super(reason.message());
    this.reason = reason;
  }

  /** Why; the refusal of the call says it. */
  public Reason reason() {
    return reason;
  }
}
