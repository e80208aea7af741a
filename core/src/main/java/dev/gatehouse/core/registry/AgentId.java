package dev.gatehouse.core.registry;

/**
 * The name of an agent in the registry.
 *
 * @param value 1 to 64 characters of {@code a-z A-Z 0-9 . _ -}
 */
public record AgentId(String value) {

  public AgentId {
    if (!isWellFormed(value)) {
      throw new IllegalArgumentException(
          "an agent id has 1 to 64 characters of a-z A-Z 0-9 . _ -, this is '" + value + "'");
    }
  }

  /** Whether the text can name an agent. */
  public static boolean isWellFormed(String text) {
    return !text.isEmpty() && text.length() <= 64 && text.chars().allMatch(AgentId::allowed);
  }

  @Override
  public String toString() {
    return value;
  }

  private static boolean allowed(int c) {
    return (c >= 'a' && c <= 'z')
        || (c >= 'A' && c <= 'Z')
        || (c >= '0' && c <= '9')
        || c == '.'
        || c == '_'
        || c == '-';
  }
}
