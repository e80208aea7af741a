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
 * The sealed disclosures of one stream, in files named after the first row they may be about. A
 * record, big-endian: {@code len u32 | crc32c u32 | seq u64 | key id u64 | nonce 12 | sealed}; the
 * checksum covers what follows it. Files are filled with zeros before use, so that a full disk
 * shows before a row is in hand. Single thread; blocks on the disk.
 */
public final class Vault implements Closeable {

  static final int HEADER_BYTES = 4 + 4 + 8 + 8;

  /** What a record has besides its disclosures. */
  static final int RECORD_BYTES = HEADER_BYTES + Seal.NONCE_BYTES + Seal.TAG_BYTES;

  static final String SUFFIX = ".vault";
  private static final int FILE_BYTES = 4 << 20;

  private final DiskPort disk;
  private final Path dir;
  private final String stream;
  private final SubjectKeys keys;
  private final Seal seal = new Seal();
  private @Nullable DiskFile file;
  private long size;
  private long at;

  /**
   * @param dir the stream's own, made with the first record
   */
  public Vault(DiskPort disk, Path dir, String stream, SubjectKeys keys) {
    this.disk = disk;
    this.dir = dir;
    this.stream = stream;
    this.keys = keys;
  }

  static String fileName(long firstSeq) {
    return String.format(Locale.ROOT, "%016d", firstSeq) + SUFFIX;
  }

  /**
   * Makes sure that so many bytes fit.
   *
   * @param nextSeq the next row
   * @throws NoRoomException when the disk is full; may be tried again
   */
  public void makeRoom(long nextSeq, long bytes) throws IOException {
    if (file != null && size - at >= bytes) {
      return;
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
      throw new NoRoomException("no room for " + wanted + " bytes of disclosures at " + dir, e);
    }
    file.force(true);
    disk.syncDirectory(dir);
    disk.syncDirectory(dir.resolve(".."));
    disk.syncDirectory(dir.resolve("../.."));
    size = wanted;
    at = 0;
  }

  /** Writes the disclosures of these rows and syncs; there must be room. */
  public void keep(Iterable<Row> rows, int bytesMax) throws IOException {
    byte[] bytes = new byte[bytesMax];
    ByteBuffer buffer = ByteBuffer.wrap(bytes);
    for (Row row : rows) {
      int begin = buffer.position();
      put(buffer, row.seq(), row.disclosures());
      buffer.putInt(begin + 4, crc(bytes, begin, buffer.position() - begin));
    }
    buffer.flip();
    int length = buffer.remaining();
    DiskFile open = file;
    if (open == null || size - at < length) {
      throw new IOException("the vault of " + stream + " has no room for " + length + " bytes");
    }
    open.write(buffer, at);
    open.force(false);
    at += length;
  }

  /** Disclosures and the row that they are about. */
  public record Row(long seq, Disclosures disclosures) {}

  private void put(ByteBuffer buffer, long seq, Disclosures disclosures) throws IOException {
    SubjectKeys.SubjectKey key = keys.of(disclosures.subject());
    byte[] sealed = seal.seal(key.secret(), stream, seq, disclosures.texts());
    int length = HEADER_BYTES + sealed.length;
    buffer.putInt(length).putInt(0).putLong(seq).putLong(key.id()).put(sealed);
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
