package dev.gatehouse.core.audit;

/**
 * The log takes no rows; whatever needs a row must be refused. The message says why and what to do.
 */
public final class AuditUnavailableException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  public AuditUnavailableException(String message) {
    super(message);
  }

  public AuditUnavailableException(String message, Throwable cause) {
    super(message, cause);
  }
}
