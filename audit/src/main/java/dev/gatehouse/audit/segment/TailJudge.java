package dev.gatehouse.audit.segment;

import dev.gatehouse.audit.chain.Frame;
import dev.gatehouse.audit.segment.Tail.Clean;
import dev.gatehouse.audit.segment.Tail.Corrupt;
import dev.gatehouse.audit.segment.Tail.Torn;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;

/**
 * Tells an interrupted write from corruption.
 *
 * <p>A batch is written only after the one before it is durable, into a file that was zero. So an
 * interrupted write leaves one batch of which something is missing: its end, or whole disk sectors
 * in the middle, still zero. Whatever else is wrong (a later batch behind it, a frame that is
 * complete but for some bits, stray bytes in the empty part) was once whole, and is corruption.
 */
public final class TailJudge {

  /** The smallest unit that a disk writes whole. */
  private static final int SECTOR_BYTES = 512;

  /** Shorter runs of zeros occur inside a good frame: the high bytes of its numbers. */
  private static final int HOLE_BYTES_MIN = 8;

  /** Fewer bytes than this, away from where a frame would begin, are no part of a write. */
  private static final int STRAY_BYTES_MAX = 16;

  private final byte[] region;
  private final long offset;
  private final long batch;

  private TailJudge(byte[] region, long offset, long batch) {
    this.region = region;
    this.offset = offset;
    this.batch = batch;
  }

  /**
   * Judges what the segment holds from the offset on.
   *
   * @param batch the number of the batch that was due there
   */
  static Tail judge(Path segment, long offset, long batch) throws IOException {
    long end = dataEnd(segment, offset);
    if (end == offset) {
      return new Clean();
    }
    if (end - offset > Frame.BATCH_BYTES_MAX) {
      return new Corrupt(
          (end - offset)
              + " bytes that are no complete batch; an interrupted write leaves at most "
              + Frame.BATCH_BYTES_MAX);
    }
    byte[] region = new byte[(int) (end - offset)];
    try (FileChannel channel = FileChannel.open(segment, StandardOpenOption.READ)) {
      ByteBuffer into = ByteBuffer.wrap(region);
      int read = 0;
      while (into.hasRemaining() && read >= 0) {
        read = channel.read(into, offset + into.position());
      }
    }
    return new TailJudge(region, offset, batch).judge();
  }

  /** Where the last byte that is not zero ends, at or after the offset. */
  public static long dataEnd(Path segment, long offset) throws IOException {
    byte[] chunk = new byte[1 << 16];
    byte[] zeros = new byte[1 << 16];
    long end = offset;
    try (FileChannel channel = FileChannel.open(segment, StandardOpenOption.READ)) {
      long at = offset;
      for (int read = channel.read(ByteBuffer.wrap(chunk), at);
          read > 0;
          read = channel.read(ByteBuffer.wrap(chunk), at)) {
        if (Arrays.mismatch(chunk, 0, read, zeros, 0, read) >= 0) {
          end = at + lastNonZero(chunk, read) + 1;
        }
        at += read;
      }
    }
    return end;
  }

  private static int lastNonZero(byte[] chunk, int length) {
    int last = length - 1;
    while (chunk[last] == 0) {
      last--;
    }
    return last;
  }

  private Tail judge() {
    if (stray()) {
      return new Corrupt("stray bytes in the part that was never written");
    }
    int broken = 0;
    while (broken < region.length && intactAt(broken)) {
      if (batchAt(broken) != batch) {
        return new Corrupt("a frame of batch " + batchAt(broken) + ", batch " + batch + " was due");
      }
      broken += Frame.intAt(region, broken);
    }
    if (broken == region.length) {
      return wholeFrames();
    }
    return judgeFrame(broken);
  }

  /** All frames are whole: then the batch must lack some. */
  private Tail wholeFrames() {
    int rows = 0;
    int promised = Frame.shortAt(region, Frame.COUNT);
    for (int at = 0; at < region.length; at += Frame.intAt(region, at)) {
      if (Frame.shortAt(region, at + Frame.IDX) != rows
          || Frame.shortAt(region, at + Frame.COUNT) != promised) {
        return new Corrupt("frames of one batch that do not follow each other");
      }
      rows++;
    }
    return rows < promised ? torn() : new Corrupt("more frames than their batch has");
  }

  private Tail judgeFrame(int broken) {
    int next = nextIntact(broken + 1);
    if (next >= 0) {
      if (batchAt(next) != batch) {
        return new Corrupt(
            "a damaged frame of batch %d before batch %d, which was written after it was durable"
                .formatted(batch, batchAt(next)));
      }
      return holeWithin(broken, next) ? torn() : damagedFrame();
    }
    int left = region.length - broken;
    int len = left < Frame.HEADER_BYTES ? 0 : Frame.intAt(region, broken);
    boolean endMissing = left < Frame.HEADER_BYTES || (Frame.plausible(len) && len > left);
    if (endMissing) {
      return onlyLengthDamaged(broken, left) ? damagedFrame() : torn();
    }
    int end = Frame.plausible(len) ? broken + len : region.length;
    return holeWithin(broken, end) ? torn() : damagedFrame();
  }

  /** Whether the frame is whole once its length is taken to reach to the end of the data. */
  private boolean onlyLengthDamaged(int at, int left) {
    if (!Frame.plausible(left)) {
      return false;
    }
    byte[] frame = Arrays.copyOfRange(region, at, at + left);
    ByteBuffer.wrap(frame).putInt(Frame.LEN, left);
    return Frame.intact(frame, 0, left);
  }

  private boolean stray() {
    int nonZero = 0;
    int first = -1;
    for (int i = 0; i < region.length && nonZero < STRAY_BYTES_MAX; i++) {
      if (region[i] != 0) {
        nonZero++;
        first = first < 0 ? i : first;
      }
    }
    return nonZero < STRAY_BYTES_MAX && first >= Frame.CRC;
  }

  private Tail torn() {
    return new Torn(region);
  }

  private static Tail damagedFrame() {
    return new Corrupt("a frame that was written whole and has changed since");
  }

  private long batchAt(int at) {
    return Frame.longAt(region, at + Frame.BATCH);
  }

  private boolean intactAt(int at) {
    if (region.length - at < Frame.FRAME_BYTES_MIN) {
      return false;
    }
    int len = Frame.intAt(region, at);
    return Frame.plausible(len) && len <= region.length - at && Frame.intact(region, at, len);
  }

  private int nextIntact(int from) {
    for (int at = from; at < region.length - Frame.FRAME_BYTES_MIN; at++) {
      // A good frame begins with 0 or 1 (its length is 16 MiB at most); checksums cost more.
      if ((region[at] & 0xFE) == 0 && likelyFrame(at) && intactAt(at)) {
        return at;
      }
    }
    return -1;
  }

  private boolean likelyFrame(int at) {
    long distance = batchAt(at) - batch;
    return 0 <= distance
        && distance <= region.length
        && Frame.shortAt(region, at + Frame.IDX) < Frame.shortAt(region, at + Frame.COUNT);
  }

  /** Whether a disk sector, as far as it lies in that part, is still zero. */
  private boolean holeWithin(int from, int to) {
    int at = from;
    while (at < to) {
      long sectorEnd = ((offset + at) / SECTOR_BYTES + 1) * SECTOR_BYTES - offset;
      int end = (int) Math.min(to, sectorEnd);
      if (end - at >= HOLE_BYTES_MIN && zero(at, end)) {
        return true;
      }
      at = end;
    }
    return false;
  }

  private boolean zero(int from, int to) {
    for (int i = from; i < to; i++) {
      if (region[i] != 0) {
        return false;
      }
    }
    return true;
  }
}
