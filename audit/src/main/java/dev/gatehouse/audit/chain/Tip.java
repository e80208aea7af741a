package dev.gatehouse.audit.chain;

/**
 * Where the durable part of a stream ends.
 *
 * @param rows how many rows it has
 * @param link last link, 64 hexadecimal digits
 * @param tsMicros time of the last row
 */
public record Tip(long rows, String link, long tsMicros) {

  /** Before the first stream of a lineage. */
  public static final Tip NONE = new Tip(0, "0".repeat(2 * Frame.HASH_BYTES), 0);
}
