package dev.gatehouse.audit.export;

import dev.gatehouse.audit.chain.BadRow;
import dev.gatehouse.audit.chain.BrokenChainException;
import dev.gatehouse.audit.chain.ChainHasher;
import dev.gatehouse.audit.chain.Frame;
import dev.gatehouse.audit.chain.StreamName;
import dev.gatehouse.audit.chain.WalkedRow;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;

/**
 * The walk over one stream of an export: takes row lines and checks what binds the rows together.
 *
 * <p>A row line is {@code {"kind":"row","link":"…","payload_hash":"…","row":{…},"seq":…,"ts":…}},
 * to the byte. Single thread.
 */
final class ExportRow implements WalkedRow {

  static final byte[] BEGIN = ascii("{\"kind\":\"row\",\"link\":\"");
  private static final byte[] HASH = ascii("\",\"payload_hash\":\"");
  private static final byte[] ROW = ascii("\",\"row\":");
  private static final byte[] SEQ = ascii(",\"seq\":");
  private static final byte[] TS = ascii(",\"ts\":");
  private static final int HEX = 2 * Frame.HASH_BYTES;
  private static final int DIGITS_MAX = 16;
  private static final byte[] DIGITS = digits();

  private final Path file;
  private final StreamName name;
  private final String nameText;
  private final ChainHasher hasher = new ChainHasher();
  private final byte[] link;
  private final byte[] expectedLink = new byte[Frame.HASH_BYTES];
  private final byte[] payloadHash = new byte[Frame.HASH_BYTES];
  private final byte[] hashes = new byte[2 * Frame.HASH_BYTES];
  private byte[] buffer = {};
  private int at;
  private int textAt;
  private int textBytes;
  private long offset;
  private long nextSeq;
  private long tsMicros;

  /**
   * @param previousLink last link of the stream before; 32 zero bytes where there is none
   */
  ExportRow(Path file, StreamName name, byte[] previousLink) {
    this.file = file;
    this.name = name;
    this.nameText = name.toString();
    this.link = hasher.genesis(previousLink, name);
  }

  /** Takes the line as the next row. */
  void take(ExportLines lines) throws BrokenChainException {
    buffer = lines.buffer();
    offset = lines.offset();
    at = lines.start();
    skip(BEGIN);
    hex(0);
    skip(HASH);
    hex(Frame.HASH_BYTES);
    skip(ROW);
    textAt = at;
    readBack(lines.end());
  }

  /** The numbers stand behind the row, whose end nothing else marks. */
  private void readBack(int end) throws BrokenChainException {
    at = end - 1;
    if (at < textAt || buffer[at] != '}') {
      throw malformed();
    }
    long ts = numberBack();
    skipBack(TS);
    long seq = numberBack();
    skipBack(SEQ);
    textBytes = at - textAt;
    if (seq != nextSeq) {
      throw brokenNext("row " + seq + " stands where row " + nextSeq + " was due");
    }
    if (ts < tsMicros) {
      throw brokenNext("its time lies before the time of the row before it");
    }
    hasher.plain(buffer, textAt, textBytes, payloadHash);
    if (!Arrays.equals(payloadHash, 0, Frame.HASH_BYTES, hashes, Frame.HASH_BYTES, hashes.length)) {
      throw brokenNext("the row's text does not match its payload hash");
    }
    hasher.link(link, seq, ts, payloadHash, 0, expectedLink);
    if (!Arrays.equals(expectedLink, 0, Frame.HASH_BYTES, hashes, 0, Frame.HASH_BYTES)) {
      throw brokenNext(
          seq == 0
              ? "the stream does not continue the one before it"
              : "its link does not follow from the row before it");
    }
    System.arraycopy(expectedLink, 0, link, 0, Frame.HASH_BYTES);
    tsMicros = ts;
    nextSeq++;
  }

  private void skip(byte[] expected) throws BrokenChainException {
    if (at + expected.length > buffer.length
        || !Arrays.equals(buffer, at, at + expected.length, expected, 0, expected.length)) {
      throw malformed();
    }
    at += expected.length;
  }

  private void skipBack(byte[] expected) throws BrokenChainException {
    at -= expected.length;
    if (at < textAt
        || !Arrays.equals(buffer, at, at + expected.length, expected, 0, expected.length)) {
      throw malformed();
    }
  }

  private void hex(int into) throws BrokenChainException {
    if (at + HEX > buffer.length) {
      throw malformed();
    }
    int all = 0;
    for (int i = 0; i < Frame.HASH_BYTES; i++) {
      int value = DIGITS[buffer[at + 2 * i] & 0xFF] << 4 | DIGITS[buffer[at + 2 * i + 1] & 0xFF];
      all |= value;
      hashes[into + i] = (byte) value;
    }
    if (all < 0) {
      throw malformed();
    }
    at += HEX;
  }

  /** What each byte means as a lower-case hexadecimal digit; -1 where it is none. */
  private static byte[] digits() {
    byte[] digits = new byte[256];
    Arrays.fill(digits, (byte) -1);
    for (int i = 0; i < 16; i++) {
      digits["0123456789abcdef".charAt(i)] = (byte) i;
    }
    return digits;
  }

  private long numberBack() throws BrokenChainException {
    int to = at;
    long value = 0;
    long unit = 1;
    while (at - 1 >= textAt && '0' <= buffer[at - 1] && buffer[at - 1] <= '9') {
      at--;
      value += unit * (buffer[at] - '0');
      unit *= 10;
      if (to - at > DIGITS_MAX) {
        throw malformed();
      }
    }
    if (to == at || (buffer[at] == '0' && to - at > 1)) {
      throw malformed();
    }
    return value;
  }

  private BrokenChainException malformed() {
    return brokenNext("the line is not one that an export has here");
  }

  /** Goes on to a line that is no row, for the places of errors. */
  void passed(long lineOffset) {
    offset = lineOffset;
  }

  @Override
  public BadRow place(String what) {
    return new BadRow(nameText, Math.max(seq(), 0), file, offset, what);
  }

  @Override
  public BrokenChainException brokenHere(String what) {
    return new BrokenChainException(place(what));
  }

  @Override
  public BrokenChainException brokenNext(String what) {
    return new BrokenChainException(new BadRow(nameText, nextSeq, file, offset, what));
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

  @Override
  public byte[] buffer() {
    return buffer;
  }

  @Override
  public int textAt() {
    return textAt;
  }

  @Override
  public int textBytes() {
    return textBytes;
  }

  @Override
  public String text() {
    return new String(buffer, textAt, textBytes, StandardCharsets.UTF_8);
  }

  @Override
  public byte[] leaf() {
    return hasher.leaf(seq(), tsMicros, hashes);
  }

  ChainHasher hasher() {
    return hasher;
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
