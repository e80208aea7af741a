package dev.gatehouse.audit.read;

import dev.gatehouse.audit.chain.Frame;

/**
 * Rows that lie one behind the other in a segment, in one buffer; steps through them by their
 * checksums and numbers. Single thread.
 */
public final class RowBlock {

  private final RowPlace first;
  private final byte[] bytes;
  private int at;
  private int frameBytes;
  private long seq;

  RowBlock(RowPlace first, byte[] bytes) {
    this.first = first;
    this.bytes = bytes;
    this.seq = first.seq() - 1;
  }

  /** Steps to the next row; false behind the last, or where no row with the next number lies. */
  public boolean next() {
    int from = at + frameBytes;
    if (bytes.length - from < Frame.FRAME_BYTES_MIN) {
      return false;
    }
    int length = Frame.intAt(bytes, from);
    boolean holds =
        Frame.plausible(length)
            && length <= bytes.length - from
            && Frame.intact(bytes, from, length)
            && Frame.longAt(bytes, from + Frame.SEQ) == seq + 1;
    if (holds) {
      at = from;
      frameBytes = length;
      seq++;
    }
    return holds;
  }

  /** Where the row lies. */
  public RowPlace place() {
    return new RowPlace(first.stream(), seq, first.segment(), first.offsetBytes() + at);
  }

  public long seq() {
    return seq;
  }

  /** Its time, microseconds since 1970-01-01T00:00:00Z. */
  public long tsMicros() {
    return Frame.longAt(bytes, at + Frame.TS);
  }

  /** The buffer that holds its text, at {@link #textAt} for {@link #textBytes}. */
  public byte[] buffer() {
    return bytes;
  }

  public int textAt() {
    return at + Frame.HEADER_BYTES;
  }

  public int textBytes() {
    return frameBytes - Frame.HEADER_BYTES;
  }
}
