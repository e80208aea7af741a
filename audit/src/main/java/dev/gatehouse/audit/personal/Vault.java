package dev.gatehouse.audit.personal;

import dev.gatehouse.audit.disk.DiskPort;
import dev.gatehouse.audit.disk.DiskPort.DiskFile;
import dev.gatehouse.audit.disk.NoRoomException;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * What is kept sealed beside the rows of one stream, in files named after the first row they may be
 * about: disclosures, or bodies. A record, big-endian: {@code len u32 | crc32c u32 | seq u64 | key
 * id u64 | nonce 12 | sealed}; the checksum covers what follows it. Files are filled with zeros
 * before use, so that a full disk shows before a row is in hand. Single thread; blocks on the disk.
 */
public final class Vault implements Closeable {

  static final int HEADER_BYTES = 4 + 4 + 8 + 8;

  /** What a record has besides what it seals. */
  public static final int RECORD_BYTES = HEADER_BYTES + Seal.NONCE_BYTES + Seal.TAG_BYTES;

  public static final String SUFFIX = ".vault";
  private static final int FILE_BYTES = 4 << 20;

  private final DiskPort disk;
  private final Path dir;
  private final String place;
  private final SubjectKeys keys;
  private final Seal seal = new Seal();
  private @Nullable DiskFile file;
  private long size;
  private long at;

  /**
   * @param dir the stream's own, made with the first record
   * @param place the stream, and what is kept of it: no record is taken for one of another place
   */
  public Vault(DiskPort disk, Path dir, String place, SubjectKeys keys) {
    this.disk = disk;
    this.dir = dir;
    this.place = place;
    this.keys = keys;
  }

  /** The file whose first record is about this row, or a later one. */
  public static String fileName(long firstSeq) {
    return String.format(Locale.ROOT, "%016d", firstSeq) + SUFFIX;
  }

  /**
   * Makes sure that so many bytes fit.
   *
   * @param nextSeq the next row
   * @return whether a new file was begun
   * @throws NoRoomException when the disk is full; may be tried again
   */
  public boolean makeRoom(long nextSeq, long bytes) throws IOException {
    if (file != null && size - at >= bytes) {
      return false;
    }
    close();
    Path path = dir.resolve(fileName(nextSeq));
    long wanted = Math.max(FILE_BYTES, bytes);
    try {
      Files.createDirectories(dir);
      Files.deleteIfExists(path); // of an attempt that found no room
      DiskFile next = disk.create(path);
      try {
        next.write(ByteBuffer.allocate((int) wanted), 0);
      } catch (IOException e) {
        next.close();
        Files.deleteIfExists(path);
        throw e;
      }
      file = next;
    } catch (IOException e) {
      throw new NoRoomException("no room for " + wanted + " bytes beside the rows at " + dir, e);
    }
    file.force(true);
    disk.syncDirectory(dir);
    disk.syncDirectory(dir.resolve(".."));
    disk.syncDirectory(dir.resolve("../.."));
    size = wanted;
    at = 0;
    return true;
  }

  /** Writes what is kept beside these rows and syncs; there must be room. */
  public void keep(Iterable<Row> rows, int bytesMax) throws IOException {
    byte[] bytes = new byte[bytesMax];
    ByteBuffer buffer = ByteBuffer.wrap(bytes);
    for (Row row : rows) {
      int begin = buffer.position();
      put(buffer, row);
      buffer.putInt(begin + 4, crc(bytes, begin, buffer.position() - begin));
    }
    buffer.flip();
    int length = buffer.remaining();
    DiskFile open = file;
    if (open == null || size - at < length) {
      throw new IOException("the vault of " + place + " has no room for " + length + " bytes");
    }
    open.write(buffer, at);
    open.force(false);
    at += length;
  }

  /** What is kept beside a row, and whose it is. */
  public static final class Row {
    private final long seq;
    private final String subject;
    private final byte[] plain;

    public Row(long seq, String subject, byte[] plain) {
      this.seq = seq;
      this.subject = subject;
      this.plain = plain;
    }

    /** A row's disclosures. */
    public static Row of(long seq, Disclosures disclosures) {
      return new Row(seq, disclosures.subject(), disclosures.bytes());
    }
  }

  private void put(ByteBuffer buffer, Row row) throws IOException {
    SubjectKeys.SubjectKey key = keys.of(row.subject);
    byte[] sealed = seal.seal(key.secret(), place, row.seq, row.plain);
    int length = HEADER_BYTES + sealed.length;
    buffer.putInt(length).putInt(0).putLong(row.seq).putLong(key.id()).put(sealed);
  }

  static int crc(byte[] bytes, int begin, int length) {
    CRC32C crc = new CRC32C();
    crc.update(bytes, begin + 8, length - 8);
    return (int) crc.getValue();
  }

  @Override
  public void close() throws IOException {
    DiskFile open = file;
    file = null;
    if (open != null) {
      open.close();
    }
  }
}
