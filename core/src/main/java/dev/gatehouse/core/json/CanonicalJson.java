package dev.gatehouse.core.json;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Canonical JSON after RFC 8785 (JCS) for plain Java trees: {@code Map<String, ?>}, {@code
 * List<?>}, {@code String}, {@code Boolean}, {@code Number} and {@code null}.
 *
 * <p>Two trees of equal meaning give equal bytes, in any language. Numbers outside what an IEEE
 * double carries exactly are written the way JCS demands, by their double value; callers that need
 * all digits of a larger integer pass a string. Depth is bounded by {@link #DEPTH_MAX}. Stateless
 * and thread-safe.
 */
public final class CanonicalJson {

  /** Deepest nesting that is written; deeper trees are refused. */
  public static final int DEPTH_MAX = 128;

  /** Largest magnitude of an integer that every JSON reader keeps: 2^53 − 1. */
  public static final long INTEGER_MAX = (1L << 53) - 1;

  private CanonicalJson() {}

  /**
   * Returns the canonical UTF-8 bytes of the tree.
   *
   * @throws IllegalArgumentException for a type, number, surrogate or depth that canonical JSON
   *     cannot hold
   */
  public static byte[] bytes(@Nullable Object tree) {
    return CanonicalWriter.write(tree, false);
  }

  /**
   * Returns the canonical bytes of an object whose numbers are all integers of at most {@link
   * #INTEGER_MAX} in magnitude, so that a reader in any language recomputes them without floating
   * point.
   *
   * @throws IllegalArgumentException for any other number, and for what {@link #bytes} refuses
   */
  public static byte[] exactBytes(Map<String, ?> tree) {
    return CanonicalWriter.write(tree, true);
  }

  /** The same of an array; refuses what {@link #exactBytes(Map)} refuses. */
  public static byte[] exactBytes(List<?> tree) {
    return CanonicalWriter.write(tree, true);
  }

  /** Returns the canonical text of the tree; refuses what {@link #bytes} refuses. */
  public static String text(@Nullable Object tree) {
    return new String(bytes(tree), StandardCharsets.UTF_8);
  }
}
