package dev.gatehouse.audit.segment;

import dev.gatehouse.audit.chain.Frame;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;

/**
 * Reads a segment batch by batch: a batch counts only when all of its frames are there. Looks at
 * checksums and at the numbers that hold a batch together; the chain is the walker's business.
 *
 * <p>{@link #read} may be repeated at the same place while another process appends; {@link
 * #refresh} forgets what was read ahead. Memory is bounded by {@link Frame#BATCH_BYTES_MAX}. Single
 * thread; blocks on the disk.
 */
final class BatchReader implements Closeable {

  /** What lies at the reader's place. */
  enum Found {
    /** A complete batch, now in {@link #buffer()}. */
    BATCH,
    /** No frame has been written here yet. */
    NOTHING,
    /** Something that is not a complete batch; {@link #damage()} says what. */
    DAMAGE
  }

  /** A batch number that matches any. */
  static final long ANY_BATCH = -1;

  private static final int READ_AHEAD_BYTES = 1 << 20;
  private static final int READ_BYTES_MIN = 4 << 10;

  private final Path file;
  private final FileChannel channel;
  private byte[] buffer;
  private int start;
  private int limit;
  private long bufferOffset;
  private int[] frames = new int[256];
  private int count;
  private int batchBytes;
  private String damage = "";
  private int damageAt;

  BatchReader(Path file) throws IOException {
    this.file = file;
    this.channel = FileChannel.open(file, StandardOpenOption.READ);
    this.buffer = new byte[Math.clamp(channel.size(), READ_BYTES_MIN, READ_AHEAD_BYTES)];
  }

  Path file() {
    return file;
  }

  /** Where in the file the reader stands. */
  long offset() {
    return bufferOffset + start;
  }

  byte[] buffer() {
    return buffer;
  }

  /** How many rows the batch just found has. */
  int count() {
    return count;
  }

  /** Where in the buffer a frame of the batch just found begins. */
  int frame(int index) {
    return start + frames[index];
  }

  /** Where in the file a frame of the batch just found begins. */
  long frameOffset(int index) {
    return offset() + frames[index];
  }

  String damage() {
    return damage;
  }

  /** Where in the file the damaged frame begins. */
  long damageOffset() {
    return offset() + damageAt;
  }

  /** How many whole frames of the damaged batch precede the damage. */
  int framesBeforeDamage() {
    return count;
  }

  /** Steps over the batch just found. */
  void consume() {
    start += batchBytes;
  }

  /** Forgets what was read ahead. */
  void refresh() {
    bufferOffset += start;
    start = 0;
    limit = 0;
  }

  /** Looks at the reader's place. */
  Found read(long batch) throws IOException {
    int rel = 0;
    int promised = Frame.BATCH_ROWS_MAX;
    for (count = 0; count < promised; count++) {
      damageAt = rel;
      boolean header = ensure(rel + Frame.HEADER_BYTES);
      if (count == 0 && blank(rel)) {
        return Found.NOTHING;
      }
      if (!header) {
        return damaged("the file ends inside a frame's header");
      }
      int at = start + rel;
      int len = Frame.intAt(buffer, at + Frame.LEN);
      if (!Frame.plausible(len) || rel + len > Frame.BATCH_BYTES_MAX) {
        return damaged("a frame of " + Integer.toUnsignedString(len) + " bytes cannot be");
      }
      if (!ensure(rel + len)) {
        return damaged("the file ends inside a frame");
      }
      at = start + rel;
      if (!Frame.intact(buffer, at, len)) {
        return damaged("the frame's checksum is wrong");
      }
      if (count == 0) {
        promised = Frame.shortAt(buffer, at + Frame.COUNT);
      }
      String misplaced = misplaced(at, batch, promised);
      if (!misplaced.isEmpty()) {
        return damaged(misplaced);
      }
      remember(rel);
      rel += len;
    }
    batchBytes = rel;
    return Found.BATCH;
  }

  private String misplaced(int at, long batch, int promised) {
    long found = Frame.longAt(buffer, at + Frame.BATCH);
    long expected = count > 0 ? Frame.longAt(buffer, start + Frame.BATCH) : batch;
    if (expected != ANY_BATCH && found != expected) {
      return "the frame belongs to batch " + found + ", batch " + expected + " was due";
    }
    int index = Frame.shortAt(buffer, at + Frame.IDX);
    int total = Frame.shortAt(buffer, at + Frame.COUNT);
    if (index != count || total != promised || total == 0) {
      return "the frame is number %d of %d in its batch, number %d of %d was due"
          .formatted(index, total, count, promised);
    }
    return "";
  }

  private Found damaged(String what) {
    damage = what;
    return Found.DAMAGE;
  }

  private void remember(int rel) {
    if (count == frames.length) {
      frames = Arrays.copyOf(frames, frames.length * 2);
    }
    frames[count] = rel;
  }

  /** Whether the first bytes of a frame are all zero, or the file ends here. */
  private boolean blank(int rel) {
    for (int i = start + rel; i < Math.min(limit, start + rel + Frame.HEADER_BYTES); i++) {
      if (buffer[i] != 0) {
        return false;
      }
    }
    return true;
  }

  /** Tries to have that many bytes, counted from the reader's place, in the buffer. */
  private boolean ensure(int bytes) throws IOException {
    if (limit - start >= bytes) {
      return true;
    }
    if (start > 0) {
      System.arraycopy(buffer, start, buffer, 0, limit - start);
      bufferOffset += start;
      limit -= start;
      start = 0;
    }
    if (buffer.length < bytes) {
      buffer = Arrays.copyOf(buffer, Math.max(bytes, buffer.length * 2));
    }
    while (limit < bytes) {
      int read =
          channel.read(ByteBuffer.wrap(buffer, limit, buffer.length - limit), bufferOffset + limit);
      if (read <= 0) {
        return false;
      }
      limit += read;
    }
    return true;
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
