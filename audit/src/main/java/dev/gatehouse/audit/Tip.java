package dev.gatehouse.audit;

/**
 * Where the durable part of a stream ends.
 *
 * @param rows how many rows it has
 * @param link last link, 64 hexadecimal digits
 * @param tsMicros time of the last row
 */
record Tip(long rows, String link, long tsMicros) {

  /** Before the first stream of a lineage. */
  static final Tip NONE = new Tip(0, "0".repeat(2 * Frame.HASH_BYTES), 0);
}
