package dev.gatehouse.audit.segment;

import dev.gatehouse.audit.chain.BadRow;
import dev.gatehouse.audit.chain.BrokenChainException;
import dev.gatehouse.audit.chain.ChainHasher;
import dev.gatehouse.audit.chain.Frame;
import dev.gatehouse.audit.chain.StreamName;
import dev.gatehouse.audit.chain.WalkedRow;
import dev.gatehouse.audit.segment.BatchReader.Found;
import java.io.Closeable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;

/**
 * Walks a stream row by row and checks what binds the rows together: checksums, batches, numbers,
 * times, payload hashes, links.
 *
 * <p>{@link #next} returns false at the end of what is written and may be called again later; so
 * the walker also follows a stream that another process writes. Single thread; blocks on the disk.
 */
public final class StreamWalker implements Closeable, WalkedRow {

  private final StreamName name;
  private final String nameText;
  private final Path dir;
  private final ChainHasher hasher = new ChainHasher();
  private final byte[] link = new byte[Frame.HASH_BYTES];
  private final byte[] payloadHash = new byte[Frame.HASH_BYTES];
  private final byte[] expectedLink = new byte[Frame.HASH_BYTES];
  private BatchReader batches;
  private int segment;
  private long nextBatch;
  private int nextFrame;
  private boolean inBatch;
  private final boolean hashed;
  private boolean anchored;
  private long nextSeq;
  private long tsMicros;
  private int rowAt;
  private int rowBytes;
  private long rowOffset;

  private StreamWalker(StreamName name, Path dir, int segment, boolean anchored, boolean hashed)
      throws IOException {
    this.name = name;
    this.nameText = name.toString();
    this.dir = dir;
    this.segment = segment;
    this.anchored = anchored;
    this.hashed = hashed;
    this.nextBatch = anchored ? 0 : BatchReader.ANY_BATCH;
    this.batches = new BatchReader(AuditLayout.segment(dir, segment));
  }

  /**
   * Walks from the first row, whose link must follow from the stream before.
   *
   * @param previousLink last link of the stream before; 32 zero bytes where there is none
   */
  public static StreamWalker fromStart(Path dir, StreamName name, byte[] previousLink)
      throws IOException {
    StreamWalker walker = new StreamWalker(name, dir, 0, true, true);
    byte[] genesis = walker.hasher.genesis(previousLink, name);
    System.arraycopy(genesis, 0, walker.link, 0, Frame.HASH_BYTES);
    return walker;
  }

  /** Walks from a segment's first row, whose own link is taken as given. */
  public static StreamWalker fromSegment(Path dir, StreamName name, int segment)
      throws IOException {
    return new StreamWalker(name, dir, segment, false, true);
  }

  /**
   * The same, by checksums, batches, numbers and times alone: hashes and links stand as written.
   * For readers that judge nothing; hashing is most of what a row costs to walk.
   */
  public static StreamWalker unhashed(Path dir, StreamName name, int segment) throws IOException {
    return new StreamWalker(name, dir, segment, false, false);
  }

  /**
   * Steps to the next row.
   *
   * @return false when no complete batch follows yet
   * @throws BrokenChainException when the row does not hold, or damage is followed by more rows
   */
  public boolean next() throws IOException, BrokenChainException {
    if (inBatch && nextFrame == batches.count()) {
      batches.consume();
      inBatch = false;
    }
    if (!inBatch && !findBatch()) {
      return false;
    }
    take(nextFrame++);
    return true;
  }

  private boolean findBatch() throws IOException, BrokenChainException {
    while (true) {
      if (batches.read(nextBatch) == Found.BATCH) {
        return enterBatch();
      }
      boolean more = Files.exists(AuditLayout.segment(dir, segment + 1));
      // What was read ahead may be older than the next segment, so look again before judging.
      batches.refresh();
      Found found = batches.read(nextBatch);
      if (found == Found.BATCH) {
        return enterBatch();
      }
      if (!more) {
        return false;
      }
      leaveSegment(found);
    }
  }

  private boolean enterBatch() {
    inBatch = true;
    nextFrame = 0;
    nextBatch = Frame.longAt(batches.buffer(), batches.frame(0) + Frame.BATCH) + 1;
    return true;
  }

  private void leaveSegment(Found found) throws IOException, BrokenChainException {
    if (found == Found.DAMAGE) {
      throw damaged(batches.damage() + ", and later segments follow");
    }
    if (TailJudge.dataEnd(batches.file(), batches.offset()) != batches.offset()) {
      throw broken(batches.offset(), "stray bytes behind the segment's last row");
    }
    batches.close();
    segment++;
    batches = new BatchReader(AuditLayout.segment(dir, segment));
  }

  private void take(int index) throws BrokenChainException {
    byte[] buffer = batches.buffer();
    int at = batches.frame(index);
    rowAt = at;
    rowBytes = Frame.intAt(buffer, at) - Frame.HEADER_BYTES;
    rowOffset = batches.frameOffset(index);
    long seq = Frame.longAt(buffer, at + Frame.SEQ);
    if (!anchored) {
      nextSeq = seq;
    }
    if (seq != nextSeq) {
      throw broken(rowOffset, "row " + seq + " stands where row " + nextSeq + " was due");
    }
    long ts = Frame.longAt(buffer, at + Frame.TS);
    if (ts < tsMicros) {
      throw broken(rowOffset, "its time lies before the time of the row before it");
    }
    if (hashed) {
      requireHashes(buffer, at, seq, ts);
    }
    System.arraycopy(buffer, at + Frame.LINK, link, 0, Frame.HASH_BYTES);
    anchored = true;
    tsMicros = ts;
    nextSeq++;
  }

  private void requireHashes(byte[] buffer, int at, long seq, long ts) throws BrokenChainException {
    hasher.plain(buffer, at + Frame.HEADER_BYTES, rowBytes, payloadHash);
    if (!same(payloadHash, buffer, at + Frame.PAYLOAD_HASH)) {
      throw broken(rowOffset, "the row's text does not match its payload hash");
    }
    hasher.link(link, seq, ts, payloadHash, 0, expectedLink);
    if (anchored && !same(expectedLink, buffer, at + Frame.LINK)) {
      throw broken(rowOffset, brokenLink(seq));
    }
  }

  private static String brokenLink(long seq) {
    return seq == 0
        ? "the stream does not continue the one before it"
        : "its link does not follow from the row before it";
  }

  private static boolean same(byte[] hash, byte[] buffer, int at) {
    return Arrays.equals(hash, 0, Frame.HASH_BYTES, buffer, at, at + Frame.HASH_BYTES);
  }

  /**
   * Judges what lies behind the last complete batch; call after {@link #next} returned false.
   *
   * @return empty when meanwhile more rows were written: go on with {@link #next}
   */
  public Optional<Tail> tail() throws IOException {
    Tail tail = TailJudge.judge(batches.file(), batches.offset(), Math.max(nextBatch, 0));
    batches.refresh();
    boolean grown =
        batches.read(nextBatch) == Found.BATCH
            || Files.exists(AuditLayout.segment(dir, segment + 1));
    return grown ? Optional.empty() : Optional.of(tail);
  }

  /** The error for damage at the walker's place. */
  public BrokenChainException corrupt(Tail.Corrupt damage) throws IOException {
    batches.refresh();
    String detail = batches.read(nextBatch) == Found.DAMAGE ? batches.damage() + ": " : "";
    return detail.isEmpty()
        ? broken(batches.offset(), damage.what())
        : damaged(detail + damage.what());
  }

  private BrokenChainException damaged(String what) {
    return new BrokenChainException(
        new BadRow(
            nameText,
            nextSeq + batches.framesBeforeDamage(),
            batches.file(),
            batches.damageOffset(),
            what));
  }

  @Override
  public BadRow place(String what) {
    return new BadRow(nameText, seq(), batches.file(), rowOffset, what);
  }

  @Override
  public BrokenChainException brokenHere(String what) {
    return new BrokenChainException(place(what));
  }

  @Override
  public BrokenChainException brokenNext(String what) {
    return broken(batches.offset(), what);
  }

  private BrokenChainException broken(long offset, String what) {
    return new BrokenChainException(new BadRow(nameText, nextSeq, batches.file(), offset, what));
  }

  @Override
  public StreamName name() {
    return name;
  }

  @Override
  public long rows() {
    return nextSeq;
  }

  @Override
  public long tsMicros() {
    return tsMicros;
  }

  @Override
  public String linkHex() {
    return HexFormat.of().formatHex(link);
  }

  /** The hash of its text, in lower-case hexadecimal. */
  public String payloadHashHex() {
    return HexFormat.of().formatHex(payloadHash);
  }

  /** Its link; a copy. */
  public byte[] link() {
    return link.clone();
  }

  @Override
  public byte[] buffer() {
    return batches.buffer();
  }

  @Override
  public int textAt() {
    return rowAt + Frame.HEADER_BYTES;
  }

  @Override
  public int textBytes() {
    return rowBytes;
  }

  @Override
  public String text() {
    return new String(buffer(), textAt(), textBytes(), StandardCharsets.UTF_8);
  }

  @Override
  public byte[] leaf() {
    return hasher.leaf(seq(), tsMicros, batches.buffer(), rowAt);
  }

  public ChainHasher hasher() {
    return hasher;
  }

  /** Where in its segment the frame of the row just read begins. */
  public long rowOffset() {
    return rowOffset;
  }

  /** The number of the segment that the walker stands in. */
  public int segment() {
    return segment;
  }

  /** Where in that segment the next batch is due; call after {@link #next} returned false. */
  public long endOffset() {
    return batches.offset();
  }

  @Override
  public void close() throws IOException {
    batches.close();
  }
}
