package dev.gatehouse.audit.write;

import dev.gatehouse.audit.chain.ChainHasher;
import dev.gatehouse.audit.chain.Frame;
import dev.gatehouse.audit.chain.StreamName;
import dev.gatehouse.audit.chain.Tip;
import dev.gatehouse.audit.disk.NoRoomException;
import dev.gatehouse.audit.write.Segments.Segment;
import dev.gatehouse.core.audit.AuditReceipt;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.List;
import java.util.zip.CRC32C;

/**
 * The end of the stream being written: links rows to the chain, encodes a batch into one buffer,
 * writes it once, syncs it once. Single thread; blocks on the disk.
 *
 * <p>After any exception but {@link NoRoomException} it must not be used again: what the disk then
 * holds is unknown.
 */
public final class StreamAppender {

  private static final int BATCH_BYTES_WANTED = 1 << 20;

  private final StreamName name;
  private final String nameText;
  private final InstantSource clock;
  private final ChainHasher hasher = new ChainHasher();
  private final CRC32C crc = new CRC32C();
  private final byte[] link;
  private final ByteBuffer buffer;
  private Segments segments;
  private Segment segment;
  private long offset;
  private long batch;
  private long rows;
  private long tsMicros;

  public StreamAppender(
      StreamName name, Segments segments, int batchBytesMax, Tip previous, InstantSource clock)
      throws IOException {
    this.name = name;
    this.nameText = name.toString();
    this.clock = clock;
    this.link = hasher.genesis(HexFormat.of().parseHex(previous.link()), name);
    this.tsMicros = previous.tsMicros();
    this.buffer = ByteBuffer.allocateDirect(batchBytesMax);
    this.segments = segments;
    this.segment = segments.advance();
  }

  /** The longest batch: a megabyte, or what a large row or a small segment makes necessary. */
  public static int batchBytesMax(int rowBytesMax, long segmentBytes) {
    int row = Frame.HEADER_BYTES + rowBytesMax;
    return (int) Math.min(segmentBytes, Math.max(BATCH_BYTES_WANTED, row));
  }

  /** How many of these rows, from the first on, fit one batch. */
  int fitting(Pending first) {
    int count = 0;
    long bytes = 0;
    for (Pending row = first; row != null && count < Frame.BATCH_ROWS_MAX; row = row.next) {
      bytes += row.frameBytes();
      if (bytes > buffer.capacity()) {
        break;
      }
      count++;
    }
    return count;
  }

  /**
   * Makes sure that the next batch fits the current segment.
   *
   * @throws NoRoomException when the disk is full; may be tried again
   */
  public void makeRoom(long bytes) throws IOException {
    if (segment.sizeBytes() - offset < bytes) {
      roll();
    }
  }

  /**
   * Goes on in a new segment.
   *
   * @throws NoRoomException when the disk is full; may be tried again
   */
  void roll() throws IOException {
    Segment next = segments.advance();
    segment.file().close();
    segment = next;
    offset = 0;
  }

  /** Starts to prepare the next segment, unless that is under way. */
  void prepareNext() {
    segments.prepare();
  }

  /** Links, writes and syncs these rows as one batch; they must fit. Sets their receipts. */
  public void append(List<Pending> batchRows) throws IOException {
    Instant now = clock.instant();
    tsMicros = Math.max(tsMicros, micros(now));
    buffer.clear();
    int count = batchRows.size();
    for (int i = 0; i < count; i++) {
      encode(batchRows.get(i), i, count);
    }
    buffer.flip();
    int bytes = buffer.remaining();
    segment.file().write(buffer, offset);
    segment.file().force(false);
    offset += bytes;
    batch++;
  }

  static long micros(Instant at) {
    return Math.addExact(Math.multiplyExact(at.getEpochSecond(), 1_000_000L), at.getNano() / 1_000);
  }

  private void encode(Pending row, int index, int count) {
    hasher.link(link, rows, tsMicros, row.payloadHash, 0, link);
    int at = buffer.position();
    int len = row.frameBytes();
    buffer.putInt(len).putInt(0).putLong(batch).putShort((short) index).putShort((short) count);
    buffer.putLong(rows).putLong(tsMicros).put(link).put(row.payloadHash).put(row.payload);
    buffer.putInt(at + Frame.CRC, checksum(at, len));
    row.receipt = new AuditReceipt(nameText, rows, HexFormat.of().formatHex(link));
    rows++;
  }

  private int checksum(int at, int len) {
    int end = buffer.position();
    crc.reset();
    crc.update(buffer.limit(at + Frame.CRC).position(at));
    crc.update(buffer.limit(at + len).position(at + Frame.BATCH));
    buffer.limit(buffer.capacity()).position(end);
    return (int) crc.getValue();
  }

  Tip tip() {
    return new Tip(rows, HexFormat.of().formatHex(link), tsMicros);
  }

  public StreamName name() {
    return name;
  }

  /** Goes on after the stream's directory has taken its final name. */
  public void movedTo(Path renamed) {
    segments = segments.movedTo(renamed);
  }

  /** Cuts off the unused rest of the last segment and closes the files. */
  void trimAndClose() throws IOException {
    segment.file().truncate(offset);
    segment.file().force(true);
    close();
  }

  void close() throws IOException {
    try {
      segment.file().close();
    } finally {
      segments.close();
    }
  }
}
