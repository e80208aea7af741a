package dev.gatehouse.core.json;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
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

  private CanonicalJson() {}

  /**
   * Returns the canonical UTF-8 bytes of the tree.
   *
   * @throws IllegalArgumentException for a type, number, surrogate or depth that canonical JSON
   *     cannot hold
   */
  public static byte[] bytes(@Nullable Object tree) {
    return text(tree).getBytes(StandardCharsets.UTF_8);
  }

  /** Returns the canonical text of the tree; refuses what {@link #bytes} refuses. */
  public static String text(@Nullable Object tree) {
    StringBuilder out = new StringBuilder(256);
    write(tree, out, 0);
    return out.toString();
  }

  private static void write(@Nullable Object value, StringBuilder out, int depth) {
    if (depth > DEPTH_MAX) {
      throw new IllegalArgumentException("JSON nested deeper than " + DEPTH_MAX + " levels");
    }
    switch (value) {
      case null -> out.append("null");
      case String text -> writeString(text, out);
      case Boolean flag -> out.append(flag.booleanValue());
      case Number number -> writeNumber(number, out);
      case Map<?, ?> map -> writeObject(map, out, depth);
      case List<?> list -> writeArray(list, out, depth);
      default ->
          throw new IllegalArgumentException("not a JSON value: " + value.getClass().getName());
    }
  }

  private static void writeObject(Map<?, ?> map, StringBuilder out, int depth) {
    String[] names = new String[map.size()];
    int count = 0;
    for (Object name : map.keySet()) {
      if (!(name instanceof String text)) {
        throw new IllegalArgumentException("JSON member name is not a string: " + name);
      }
      names[count++] = text;
    }
    Arrays.sort(names); // String.compareTo orders by UTF-16 code units, as JCS does
    out.append('{');
    for (int i = 0; i < count; i++) {
      if (i > 0) {
        out.append(',');
      }
      writeString(names[i], out);
      out.append(':');
      write(map.get(names[i]), out, depth + 1);
    }
    out.append('}');
  }

  private static void writeArray(List<?> list, StringBuilder out, int depth) {
    out.append('[');
    boolean first = true;
    for (Object element : list) {
      if (!first) {
        out.append(',');
      }
      first = false;
      write(element, out, depth + 1);
    }
    out.append(']');
  }

  private static void writeNumber(Number number, StringBuilder out) {
    switch (number) {
      case Integer integer -> out.append(integer.intValue());
      case Long integer when Math.abs(integer) <= 1L << 53 -> out.append(integer.longValue());
      case Short integer -> out.append(integer.intValue());
      case Byte integer -> out.append(integer.intValue());
      default -> out.append(EcmaNumber.text(number.doubleValue()));
    }
  }

  private static void writeString(String text, StringBuilder out) {
    out.append('"');
    int clean = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c >= 0x20
          && c != '"'
          && c != '\\'
          && (c < Character.MIN_SURROGATE || c > Character.MAX_SURROGATE)) {
        continue;
      }
      if (Character.isSurrogate(c)) {
        if (Character.isHighSurrogate(c)
            && i + 1 < text.length()
            && Character.isLowSurrogate(text.charAt(i + 1))) {
          i++;
          continue;
        }
        throw new IllegalArgumentException("lone surrogate in JSON string at index " + i);
      }
      out.append(text, clean, i);
      clean = i + 1;
      writeEscaped(c, out);
    }
    out.append(text, clean, text.length()).append('"');
  }

  private static void writeEscaped(char c, StringBuilder out) {
    switch (c) {
      case '"' -> out.append("\\\"");
      case '\\' -> out.append("\\\\");
      case '\b' -> out.append("\\b");
      case '\f' -> out.append("\\f");
      case '\n' -> out.append("\\n");
      case '\r' -> out.append("\\r");
      case '\t' -> out.append("\\t");
      default ->
          out.append("\\u00")
              .append(Character.forDigit(c >> 4, 16))
              .append(Character.forDigit(c & 15, 16));
    }
  }
}
