package dev.gatehouse.core.call;

import java.time.InstantSource;
import java.util.HexFormat;
import java.util.random.RandomGenerator;

/**
 * The identity of one governed call; its intent row and its outcome row both carry it.
 *
 * @param value a UUID version 7 in text form (RFC 9562): sorts by time
 */
public record CallId(String value) {

  public CallId {
    if (value.length() != 36) {
      throw new IllegalArgumentException(
          "a call id is a UUID of 36 characters, this has " + value.length());
    }
  }

  /** Makes a fresh id from the clock's milliseconds and 74 random bits. */
  public static CallId next(InstantSource clock, RandomGenerator random) {
    long high = (clock.millis() << 16) | 0x7000L | (random.nextLong() & 0x0FFFL);
    long low = (random.nextLong() & 0x3FFF_FFFF_FFFF_FFFFL) | 0x8000_0000_0000_0000L;
    HexFormat hex = HexFormat.of();
    String a = hex.toHexDigits(high);
    String b = hex.toHexDigits(low);
    return new CallId(
        a.substring(0, 8)
            + '-'
            + a.substring(8, 12)
            + '-'
            + a.substring(12)
            + '-'
            + b.substring(0, 4)
            + '-'
            + b.substring(4));
  }

  @Override
  public String toString() {
    return value;
  }
}
