package dev.gatehouse.llm.wire;

/**
 * A request body that cannot be served; the message is fit for the client's eyes and says what to
 * send.
 */
public final class BadRequestException extends Exception {

  private static final long serialVersionUID = 1L;

  private final String field;

  BadRequestException(String field, String message) {
    super(message);
    this.field = field;
  }

  /** The member at fault; empty when it is the body as such. */
  public String field() {
    return field;
  }
}
