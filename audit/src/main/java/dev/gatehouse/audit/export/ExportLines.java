package dev.gatehouse.audit.export;

import dev.gatehouse.core.json.ByteScan;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.zip.ZipException;

/**
 * The lines of an export, one at a time, in a buffer that holds one long line at most. Single
 * thread; blocks on the disk.
 */
final class ExportLines implements Closeable {

  /** The longest line: the longest row, and what stands around it. */
  static final int LINE_BYTES_MAX = (4 << 20) + 1024;

  private static final int READ_BYTES = 1 << 20;

  private final InputStream in;
  private byte[] buffer = new byte[2 * READ_BYTES];
  private int start;
  private int end;
  private int limit;
  private int next;
  private long passedBytes;
  private String damage = "";

  ExportLines(InputStream in) {
    this.in = in;
  }

  /**
   * Steps to the next line.
   *
   * @return false when there is none; {@link #damage} says if that is because of damage
   */
  boolean next() throws IOException {
    start = next;
    int at = start;
    while (true) {
      at = ByteScan.first('\n', buffer, at, limit);
      if (at < limit) {
        end = at;
        next = at + 1;
        return true;
      }
      int shift = start;
      if (!fill()) {
        if (damage.isEmpty() && limit > start) {
          damage = "the export ends inside a line";
        }
        return false;
      }
      at -= shift;
    }
  }

  private boolean fill() throws IOException {
    System.arraycopy(buffer, start, buffer, 0, limit - start);
    passedBytes += start;
    limit -= start;
    start = 0;
    if (limit > LINE_BYTES_MAX) {
      damage = "a line of more than " + LINE_BYTES_MAX + " bytes";
      return false;
    }
    if (buffer.length - limit < READ_BYTES) {
      buffer = Arrays.copyOf(buffer, buffer.length + 2 * READ_BYTES);
    }
    try {
      int read = in.read(buffer, limit, buffer.length - limit);
      limit += Math.max(read, 0);
      return read > 0;
    } catch (EOFException | ZipException e) {
      damage = "the compressed data is damaged or cut off";
      return false;
    }
  }

  /** Why there is no further line; empty at an orderly end. */
  String damage() {
    return damage;
  }

  byte[] buffer() {
    return buffer;
  }

  /** Where in the buffer the line begins. */
  int start() {
    return start;
  }

  /** Where in the buffer the line ends, its line feed not included. */
  int end() {
    return end;
  }

  /** Where in the export, uncompressed, the line begins. */
  long offset() {
    return passedBytes + start;
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}
