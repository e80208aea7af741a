package dev.gatehouse.llm.wire;

/** A document that is not the JSON it should be; the message names the place, never the content. */
public final class UnreadableJsonException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  UnreadableJsonException(String message, Throwable cause) {
    super(message, cause);
  }
}
