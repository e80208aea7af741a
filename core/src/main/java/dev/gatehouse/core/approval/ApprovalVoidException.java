package dev.gatehouse.core.approval;

/** An approval that does not open its call after all, found after it was used up. */
public final class ApprovalVoidException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  /**
   * @param message says why, for the agent
   */
  public ApprovalVoidException(String message) {
    super(message);
  }

  /**
   * @param message says why, for the agent
   */
  public ApprovalVoidException(String message, Throwable cause) {
    super(message, cause);
  }
}
