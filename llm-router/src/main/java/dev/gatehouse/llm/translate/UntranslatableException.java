package dev.gatehouse.llm.translate;

/**
 * A refusal to carry a request to the other protocol: names the field at fault, never its content.
 *
 * <p>Checked, because every caller has to answer the client (400, naming the field) or choose an
 * upstream of the client's own protocol.
 */
public final class UntranslatableException extends Exception {

  private static final long serialVersionUID = 1L;

  private final String field;

  /**
   * @param field the path of the field in the client's request, such as {@code
   *     messages[2].content[0].type}
   * @param message why it cannot be carried, fit for the client's eyes
   */
  public UntranslatableException(String field, String message) {
    super(field + ": " + message);
    this.field = field;
  }

  /** The path of the field at fault, such as {@code messages[2].content[0].type}. */
  public String field() {
    return field;
  }
}
