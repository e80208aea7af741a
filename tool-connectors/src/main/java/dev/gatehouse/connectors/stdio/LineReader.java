package dev.gatehouse.connectors.stdio;

import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;

/**
 * Reads lines of bounded length from a stream of bytes. A longer line is skipped in bounded memory,
 * and only its two ends are reported.
 */
final class LineReader {

  /** Bytes of each end of an overlong line that are reported. */
  static final int ENDS_BYTES = 256;

  private static final int BUFFER_BYTES_MIN = 8 * 1024;

  private final InputStream in;
  private final int lineBytesMax;
  private final Lines lines;
  private byte[] buffer;
  private int filled;
  private byte[] head = new byte[0];
  private byte[] tail = new byte[0];
  private boolean skipping;

  /** Receives the lines. */
  interface Lines {

    /** A line without its end; the array is reused after the method returns. */
    void line(byte[] text, int offset, int length);

    /** A line that was too long: its first and last bytes. */
    void overlong(byte[] head, byte[] tail);
  }

  LineReader(InputStream in, int lineBytesMax, Lines lines) {
    this.in = in;
    this.lineBytesMax = lineBytesMax;
    this.lines = lines;
    this.buffer = new byte[Math.min(BUFFER_BYTES_MIN, lineBytesMax + 1)];
  }

  /** Reads until the stream ends; a last line without an end counts. Blocks. */
  void run() throws IOException {
    int count;
    while ((count = in.read(buffer, filled, buffer.length - filled)) >= 0) {
      int searched = filled;
      filled += count;
      deliver(searched);
      makeRoom();
    }
    if (filled > 0 || skipping) {
      end(0, filled);
    }
  }

  private void deliver(int searched) {
    int start = 0;
    for (int i = searched; i < filled; i++) {
      if (buffer[i] == '\n') {
        end(start, i);
        start = i + 1;
      }
    }
    if (start > 0) {
      System.arraycopy(buffer, start, buffer, 0, filled - start);
      filled -= start;
    }
  }

  private void end(int start, int end) {
    if (skipping) {
      remember(start, end);
      skipping = false;
      lines.overlong(head, tail);
      head = new byte[0];
      tail = head;
      return;
    }
    int length = end - start;
    if (length > 0 && buffer[end - 1] == '\r') {
      length--;
    }
    lines.line(buffer, start, length);
  }

  private void makeRoom() {
    if (skipping) {
      remember(0, filled);
      filled = 0;
    } else if (filled > lineBytesMax) {
      skipping = true;
      head = Arrays.copyOf(buffer, Math.min(ENDS_BYTES, filled));
      remember(0, filled);
      filled = 0;
    } else if (filled == buffer.length) {
      buffer = Arrays.copyOf(buffer, (int) Math.min(2L * filled, lineBytesMax + 1L));
    }
    if (filled == 0 && buffer.length > BUFFER_BYTES_MIN) {
      buffer = new byte[BUFFER_BYTES_MIN];
    }
  }

  /** Keeps the last bytes of an overlong line. */
  private void remember(int start, int end) {
    byte[] joined = Arrays.copyOf(tail, tail.length + end - start);
    System.arraycopy(buffer, start, joined, tail.length, end - start);
    tail =
        joined.length <= ENDS_BYTES
            ? joined
            : Arrays.copyOfRange(joined, joined.length - ENDS_BYTES, joined.length);
  }
}
