package dev.gatehouse.policy.lint;

import dev.gatehouse.core.registry.Glob;

/** How two patterns stand to each other. */
final class Patterns {

  private Patterns() {}

  /** Whether every name that fits {@code narrow} fits {@code wide} too. */
  static boolean covers(Glob wide, Glob narrow) {
    // A star is matched by nothing but a star, so that the pattern itself is the hardest name.
    return wide.matches(narrow.pattern());
  }

  /** Whether some name fits both. */
  static boolean overlap(Glob one, Glob other) {
    String a = one.pattern();
    String b = other.pattern();
    // reach[j]: the first i characters of a and the first j of b have a name in common
    boolean[] reach = new boolean[b.length() + 1];
    for (int i = 0; i <= a.length(); i++) {
      boolean[] next = new boolean[b.length() + 1];
      for (int j = 0; j <= b.length(); j++) {
        boolean starA = i > 0 && a.charAt(i - 1) == '*';
        boolean starB = j > 0 && b.charAt(j - 1) == '*';
        if (i == 0 && j == 0) {
          next[j] = true;
        } else {
          boolean same = i > 0 && j > 0 && a.charAt(i - 1) == b.charAt(j - 1) && reach[j - 1];
          next[j] =
              same
                  || (starA && (reach[j] || (j > 0 && next[j - 1])))
                  || (starB && (next[j - 1] || (i > 0 && reach[j])));
        }
      }
      reach = next;
    }
    return reach[b.length()];
  }
}
