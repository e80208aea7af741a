package dev.gatehouse.policy.approval;

/** A store of questions that cannot be read or written. */
public final class ApprovalStoreException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  public ApprovalStoreException(String message, Throwable cause) {
    super(message, cause);
  }
}
