package dev.gatehouse.llm.translate;

/**
 * A refusal to carry a request to the other protocol: names the field at fault, never its content.
 *
 * <p>Checked, because every caller has to answer the client (400, naming the field) or choose an
 * upstream of the client's own protocol.
 */
public final class UntranslatableException extends Exception {

  private static final long serialVersionUID = 1L;

  /** Longest path that is told; names of unknown fields are the client's own words. */
  static final int FIELD_LENGTH_MAX = 200;

  private final String field;
  private final String why;

  /**
   * @param field the path of the field in the client's request, such as {@code
   *     messages[2].content[0].type}
   * @param message why it cannot be carried, fit for the client's eyes
   */
  public UntranslatableException(String field, String message) {
    super(readable(field) + ": " + message);
    this.field = readable(field);
    this.why = message;
  }

  /** The reason alone, without the field's name. */
  String why() {
    return why;
  }

  /** Fit for logs, headers and the record: bounded, and nothing but printable ASCII. */
  private static String readable(String field) {
    String shown =
        field.length() <= FIELD_LENGTH_MAX ? field : field.substring(0, FIELD_LENGTH_MAX);
    return shown.replaceAll("[^ -~]", "?");
  }

  /**
   * The path of the field at fault, such as {@code messages[2].content[0].type}; cut off at 200
   * characters, with a question mark for each that is not printable ASCII.
   */
  public String field() {
    return field;
  }
}
