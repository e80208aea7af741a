package dev.gatehouse.audit.index;

import dev.gatehouse.audit.index.RowQuery.Criterion;
import dev.gatehouse.core.json.CanonicalJson;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * What a query asks for as bytes and as the number that stands for it in the index. Two values may
 * share a number; so blocks are found by numbers, and rows by bytes.
 */
final class Word {

  /** How many bits of a number are left to its user: they are zero. */
  static final int FREE_BITS = 8;

  private static final long FNV_PRIME = 0x100000001B3L;
  private static final long SPREAD = 0x9E3779B97F4A7C15L;
  private static final long MIX = 0xD6E8FEB86659FD93L;

  private final Criterion criterion;
  private final byte[] text;

  private Word(Criterion criterion, byte[] text) {
    this.criterion = criterion;
    this.text = text;
  }

  /**
   * The word for a value.
   *
   * @throws IllegalArgumentException when no row can hold the value
   */
  static Word of(Criterion criterion, String value) {
    byte[] quoted = CanonicalJson.text(value).getBytes(StandardCharsets.UTF_8);
    return new Word(criterion, Arrays.copyOfRange(quoted, 1, quoted.length - 1));
  }

  /** Whether it is this value, as canonical JSON writes it between its quotes. */
  boolean is(Criterion other, byte[] buffer, int from, int to) {
    return criterion == other && Arrays.equals(text, 0, text.length, buffer, from, to);
  }

  long number() {
    return number(criterion, text, 0, text.length);
  }

  /** The same in every process: the index keeps it. */
  static long number(Criterion criterion, byte[] buffer, int from, int to) {
    long hash = criterion.name().hashCode() * SPREAD;
    for (int i = from; i < to; i++) {
      hash = (hash ^ buffer[i]) * FNV_PRIME;
    }
    hash = (hash ^ hash >>> 32) * MIX;
    return (hash ^ hash >>> 32) >>> FREE_BITS << FREE_BITS;
  }
}
