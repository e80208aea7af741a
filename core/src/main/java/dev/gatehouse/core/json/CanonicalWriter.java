package dev.gatehouse.core.json;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Writes canonical documents straight into UTF-8 bytes: an intermediate text would cost a second
 * pass over every audit row. One for each thread, so that its buffers are there already; it forgets
 * what it wrote, and large buffers go.
 */
final class CanonicalWriter {

  private static final byte[] HEX = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] NULL = "null".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] TRUE = "true".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] FALSE = "false".getBytes(StandardCharsets.US_ASCII);
  private static final int ESCAPE_BYTES_MAX = 6;

  /** From this length on a text is encoded as a whole rather than char by char. */
  private static final int LONG_TEXT_CHARS = 16;

  private static final int OUT_BYTES = 2 << 10;
  private static final int OUT_BYTES_KEPT = 64 << 10;
  private static final int MEMBERS = 64;
  private static final int MEMBERS_KEPT = 1 << 10;

  /** Most members that are sorted by insertion, each time anew. */
  private static final int UNREMEMBERED_MAX = 2;

  /** Orders that are remembered: a power of two, well above the kinds of rows there are. */
  private static final int ORDERS = 256;

  /** Most members whose order is remembered, and the longest name, in UTF-16 code units. */
  private static final int ORDER_MEMBERS_MAX = 64;

  private static final int ORDER_NAME_CHARS_MAX = 64;

  /**
   * Shared by all threads, so that they are where the processor finds them at once; whoever finds
   * an old one, or none, makes another.
   */
  private static final @Nullable MemberOrder[] REMEMBERED = new @Nullable MemberOrder[ORDERS];

  private static final ThreadLocal<CanonicalWriter> EXACT =
      ThreadLocal.withInitial(() -> new CanonicalWriter(true));
  private static final ThreadLocal<CanonicalWriter> ANY =
      ThreadLocal.withInitial(() -> new CanonicalWriter(false));

  private final boolean integersOnly;
  private byte[] out = new byte[OUT_BYTES];
  private int size;
  private String[] names = new String[MEMBERS];
  private @Nullable Object[] values = new @Nullable Object[MEMBERS];
  private @Nullable Object[] moving = new @Nullable Object[MEMBERS];
  private int members;
  private int touched;

  private CanonicalWriter(boolean integersOnly) {
    this.integersOnly = integersOnly;
  }

  /** Returns the canonical bytes; any thread. */
  static byte[] write(@Nullable Object tree, boolean integersOnly) {
    ThreadLocal<CanonicalWriter> pen = integersOnly ? EXACT : ANY;
    CanonicalWriter writer = pen.get();
    try {
      writer.value(tree, 0);
      return Arrays.copyOf(writer.out, writer.size);
    } finally {
      if (writer.out.length > OUT_BYTES_KEPT || writer.names.length > MEMBERS_KEPT) {
        pen.remove();
      } else {
        writer.clear();
      }
    }
  }

  private void clear() {
    size = 0;
    Arrays.fill(names, 0, touched, "");
    Arrays.fill(values, 0, touched, null);
    members = 0;
    touched = 0;
  }

  private void value(@Nullable Object value, int depth) {
    if (depth > CanonicalJson.DEPTH_MAX) {
      throw new IllegalArgumentException(
          "JSON nested deeper than " + CanonicalJson.DEPTH_MAX + " levels");
    }
    if (value instanceof String text) {
      string(text);
      return;
    }
    if (value instanceof Integer integer) {
      integer(integer);
      return;
    }
    switch (value) {
      case null -> raw(NULL);
      case Boolean flag -> raw(flag ? TRUE : FALSE);
      case Number number -> number(number);
      case Map<?, ?> map -> object(map, depth);
      case List<?> list -> array(list, depth);
      default ->
          throw new IllegalArgumentException("not a JSON value: " + value.getClass().getName());
    }
  }

  private void object(Map<?, ?> map, int depth) {
    int from = members;
    for (Map.Entry<?, ?> entry : map.entrySet()) {
      if (!(entry.getKey() instanceof String name)) {
        throw new IllegalArgumentException("JSON member name is not a string: " + entry.getKey());
      }
      push(name, entry.getValue());
    }
    int to = members;
    one('{');
    if (to - from <= UNREMEMBERED_MAX) {
      sort(from, to);
      for (int i = from; i < to; i++) {
        if (i > from) {
          one(',');
        }
        string(names[i]);
        one(':');
        value(values[i], depth + 1);
      }
    } else {
      MemberOrder order = order(from, to);
      sort(order, from, to);
      for (int i = from; i < to; i++) {
        raw(order.label(i - from));
        value(values[i], depth + 1);
      }
    }
    one('}');
    members = from;
  }

  private void push(String name, @Nullable Object value) {
    if (members == names.length) {
      names = Arrays.copyOf(names, members * 2);
      values = Arrays.copyOf(values, members * 2);
    }
    names[members] = name;
    values[members] = value;
    members++;
    touched = Math.max(touched, members);
  }

  /** By the UTF-16 code units of the names, which is what String.compareTo compares. */
  private void sort(int from, int to) {
    for (int i = from + 1; i < to; i++) {
      String name = names[i];
      Object value = values[i];
      int at = i;
      while (at > from && names[at - 1].compareTo(name) > 0) {
        names[at] = names[at - 1];
        values[at] = values[at - 1];
        at--;
      }
      names[at] = name;
      values[at] = value;
    }
  }

  private void sort(MemberOrder order, int from, int to) {
    int count = to - from;
    if (moving.length < count) {
      moving = new @Nullable Object[values.length];
    }
    System.arraycopy(values, from, moving, 0, count);
    for (int i = 0; i < count; i++) {
      values[from + i] = moving[order.from(i)];
    }
    Arrays.fill(moving, 0, count, null);
  }

  /** Rows of one kind come with the same names in the same order, again and again. */
  private MemberOrder order(int from, int to) {
    int hash = 0;
    boolean worthIt = to - from <= ORDER_MEMBERS_MAX;
    for (int i = from; i < to; i++) {
      hash = 31 * hash + names[i].hashCode();
      worthIt &= names[i].length() <= ORDER_NAME_CHARS_MAX;
    }
    int slot = (hash ^ hash >>> 16) & (ORDERS - 1);
    MemberOrder known = REMEMBERED[slot];
    if (known != null && known.fits(names, from, to)) {
      return known;
    }
    MemberOrder made = MemberOrder.of(names, from, to, this::label);
    if (worthIt) {
      REMEMBERED[slot] = made;
    }
    return made;
  }

  /** A name as it stands in front of its value. */
  private byte[] label(String name) {
    int from = size;
    string(name);
    one(':');
    byte[] label = Arrays.copyOfRange(out, from, size);
    size = from;
    return label;
  }

  private void array(List<?> list, int depth) {
    one('[');
    boolean first = true;
    for (Object element : list) {
      if (!first) {
        one(',');
      }
      first = false;
      value(element, depth + 1);
    }
    one(']');
  }

  private void number(Number number) {
    switch (number) {
      case Integer integer -> integer(integer);
      case Long integer when exact(integer) -> integer(integer);
      case Short integer -> integer(integer);
      case Byte integer -> integer(integer);
      case BigInteger integer when integer.bitLength() <= 53 && exact(integer.longValue()) ->
          integer(integer.longValue());
      default -> {
        if (integersOnly) {
          throw new IllegalArgumentException(
              "only integers of at most 2^53 - 1 in magnitude are allowed here, not a "
                  + number.getClass().getSimpleName()
                  + " outside of that; pass it as a string");
        }
        ascii(EcmaNumber.text(number.doubleValue()));
      }
    }
  }

  private static boolean exact(long integer) {
    return -CanonicalJson.INTEGER_MAX <= integer && integer <= CanonicalJson.INTEGER_MAX;
  }

  private void integer(long value) {
    if (0 <= value && value < 10) {
      one((char) ('0' + value));
    } else {
      ascii(Long.toString(value));
    }
  }

  private void string(String text) {
    int length = text.length();
    if (length >= LONG_TEXT_CHARS && plain(text)) {
      return;
    }
    reserve(length + 2);
    byte[] to = out;
    int at = size;
    to[at++] = '"';
    int i = 0;
    while (i < length) {
      char c = text.charAt(i);
      if (c < 0x20 || c >= 0x80 || c == '"' || c == '\\') {
        break;
      }
      to[at++] = (byte) c;
      i++;
    }
    size = at;
    if (i < length) {
      unusual(text, i);
    }
    one('"');
  }

  /**
   * Writes a text of plain ASCII as a whole; false when it is something else, or may be: encoding
   * makes a question mark of a lone surrogate.
   */
  private boolean plain(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    int length = bytes.length;
    if (ByteScan.notPlain(bytes, 0, length, '?') < length) {
      return false;
    }
    reserve(length + 2);
    out[size] = '"';
    System.arraycopy(bytes, 0, out, size + 1, length);
    out[size + 1 + length] = '"';
    size += length + 2;
    return true;
  }

  /** The rest of a string from the first character on that is escaped or longer than a byte. */
  private void unusual(String text, int from) {
    for (int i = from; i < text.length(); i++) {
      reserve(ESCAPE_BYTES_MAX);
      char c = text.charAt(i);
      if (c < 0x80) {
        ascii(c);
      } else if (c < 0x800) {
        out[size++] = (byte) (0xC0 | c >> 6);
        out[size++] = (byte) (0x80 | (c & 0x3F));
      } else if (!Character.isSurrogate(c)) {
        out[size++] = (byte) (0xE0 | c >> 12);
        out[size++] = (byte) (0x80 | (c >> 6 & 0x3F));
        out[size++] = (byte) (0x80 | (c & 0x3F));
      } else if (Character.isHighSurrogate(c)
          && i + 1 < text.length()
          && Character.isLowSurrogate(text.charAt(i + 1))) {
        supplementary(Character.toCodePoint(c, text.charAt(++i)));
      } else {
        throw new IllegalArgumentException("lone surrogate in JSON string at index " + i);
      }
    }
  }

  private void supplementary(int codePoint) {
    out[size++] = (byte) (0xF0 | codePoint >> 18);
    out[size++] = (byte) (0x80 | (codePoint >> 12 & 0x3F));
    out[size++] = (byte) (0x80 | (codePoint >> 6 & 0x3F));
    out[size++] = (byte) (0x80 | (codePoint & 0x3F));
  }

  private void ascii(char c) {
    switch (c) {
      case '"' -> escape('"');
      case '\\' -> escape('\\');
      case '\b' -> escape('b');
      case '\f' -> escape('f');
      case '\n' -> escape('n');
      case '\r' -> escape('r');
      case '\t' -> escape('t');
      default -> {
        if (c < 0x20) {
          escape('u');
          out[size++] = '0';
          out[size++] = '0';
          out[size++] = HEX[c >> 4];
          out[size++] = HEX[c & 15];
        } else {
          out[size++] = (byte) c;
        }
      }
    }
  }

  private void escape(char letter) {
    out[size++] = '\\';
    out[size++] = (byte) letter;
  }

  private void ascii(String text) {
    reserve(text.length());
    for (int i = 0; i < text.length(); i++) {
      out[size++] = (byte) text.charAt(i);
    }
  }

  private void raw(byte[] bytes) {
    reserve(bytes.length);
    System.arraycopy(bytes, 0, out, size, bytes.length);
    size += bytes.length;
  }

  private void one(char c) {
    reserve(1);
    out[size++] = (byte) c;
  }

  private void reserve(int more) {
    if (out.length - size < more) {
      out = Arrays.copyOf(out, Math.max(out.length * 2, Math.addExact(size, more)));
    }
  }
}
