package dev.gatehouse.core.registry;

/**
 * A name pattern in which {@code *} stands for any run of characters, and every other character for
 * itself.
 *
 * <p>Matching takes time in proportion to pattern times name at worst; both are bounded by their
 * callers.
 *
 * @param pattern the pattern, at most 256 characters
 */
public record Glob(String pattern) {

  /** Most characters of a pattern. */
  public static final int LENGTH_MAX = 256;

  public Glob {
    if (pattern.isEmpty() || pattern.length() > LENGTH_MAX) {
      throw new IllegalArgumentException(
          "a pattern has 1 to " + LENGTH_MAX + " characters, this has " + pattern.length());
    }
  }

  /** Whether the whole name fits the pattern. */
  public boolean matches(String name) {
    int p = 0;
    int n = 0;
    int star = -1;
    int resume = 0;
    while (n < name.length()) {
      if (p < pattern.length() && pattern.charAt(p) == '*') {
        star = p++;
        resume = n;
      } else if (p < pattern.length() && pattern.charAt(p) == name.charAt(n)) {
        p++;
        n++;
      } else if (star >= 0) {
        p = star + 1;
        n = ++resume;
      } else {
        return false;
      }
    }
    while (p < pattern.length() && pattern.charAt(p) == '*') {
      p++;
    }
    return p == pattern.length();
  }

  @Override
  public String toString() {
    return pattern;
  }
}
