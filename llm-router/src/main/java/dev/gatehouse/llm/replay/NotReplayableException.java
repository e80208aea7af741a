package dev.gatehouse.llm.replay;

/** A row from which nothing can be decided again; the message says why. */
public final class NotReplayableException extends Exception {

  private static final long serialVersionUID = 1L;

  NotReplayableException(String message) {
    super(message);
  }

  NotReplayableException(String message, Throwable cause) {
    super(message, cause);
  }
}
