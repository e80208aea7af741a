package dev.gatehouse.core.approval;

/**
 * The name of a question to a person.
 *
 * @param value {@code apr_} and 26 characters
 */
public record ApprovalId(String value) {

  public ApprovalId {
    if (!value.startsWith("apr_") || value.length() > 64) {
      throw new IllegalArgumentException(
          "an approval id begins with apr_, this does not: "
              + value.substring(0, Math.min(16, value.length())));
    }
  }

  @Override
  public String toString() {
    return value;
  }
}
