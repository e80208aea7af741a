package dev.gatehouse.llm.translate;

/**
 * An upstream's reply or event that is not what its protocol promises.
 *
 * <p>Unchecked: it is the upstream's fault, counts against it, and is handled where all of its
 * faults are. The message names the place and what was expected there, never the content.
 */
public final class UnreadableReplyException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  UnreadableReplyException(String message) {
    super(message);
  }

  UnreadableReplyException(String message, Throwable cause) {
    super(message, cause);
  }
}
