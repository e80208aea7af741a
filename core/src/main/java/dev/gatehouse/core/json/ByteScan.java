package dev.gatehouse.core.json;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Finds bytes eight at a time: of the work on a row, in writing and in verifying it, looking at
 * each byte by itself is the largest part that is not hashing. Stateless.
 */
public final class ByteScan {

  private static final VarHandle WORD =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private static final long ONES = 0x0101010101010101L;
  private static final long HIGH = 0x8080808080808080L;

  private ByteScan() {}

  /** Where the first such byte of {@code [from, to)} is; {@code to} when there is none. */
  public static int first(char ascii, byte[] bytes, int from, int to) {
    int at = from;
    for (; at <= to - Long.BYTES; at += Long.BYTES) {
      long found = equal((long) WORD.get(bytes, at), ascii);
      if (found != 0) {
        return at + place(found);
      }
    }
    while (at < to && bytes[at] != ascii) {
      at++;
    }
    return at;
  }

  /**
   * Where the first byte of {@code [from, to)} is that does not stand for itself in a JSON string:
   * a control character, a quote, a backslash, or part of a character beyond ASCII; {@code to} when
   * there is none.
   */
  public static int notPlain(byte[] bytes, int from, int to) {
    return notPlain(bytes, from, to, '"');
  }

  /** The same, and not this character of ASCII either. */
  static int notPlain(byte[] bytes, int from, int to, char nor) {
    int at = from;
    for (; at <= to - Long.BYTES; at += Long.BYTES) {
      long word = (long) WORD.get(bytes, at);
      long found =
          (word & HIGH)
              | less(word, 0x20)
              | equal(word, '"')
              | equal(word, '\\')
              | equal(word, nor);
      if (found != 0) {
        return at + place(found);
      }
    }
    while (at < to && plain(bytes[at]) && bytes[at] != nor) {
      at++;
    }
    return at;
  }

  private static boolean plain(byte b) {
    return b >= 0x20 && b != '"' && b != '\\';
  }

  /** Marks the high bit of the lowest byte that is equal; higher ones may be marked wrongly. */
  private static long equal(long word, int value) {
    return less(word ^ ONES * value, 1);
  }

  /** The same for bytes that are less than a value of up to 128. */
  private static long less(long word, int value) {
    return (word - ONES * value) & ~word & HIGH;
  }

  private static int place(long found) {
    return Long.numberOfTrailingZeros(found) >>> 3;
  }
}
