package dev.gatehouse.bench.load;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * Reads HTTP/1.1 answers off one connection, one at a time: status, length or chunks, body.
 *
 * <p>Understands what the peers of a benchmark send and refuses everything else. Not thread-safe.
 */
final class ResponseReader {

  /** Longest answer, head included. */
  static final int RESPONSE_BYTES_MAX = 256 * 1024;

  private static final int HEAD_UNSEEN = -1;
  private static final int CHUNKED = -1;
  private static final int STATUS_AT = 9; // after "HTTP/1.1 "
  private static final String CONTENT_LENGTH = "content-length:";
  private static final String TRANSFER_ENCODING = "transfer-encoding:";

  /** Room for an answer at first: a thousand connections have one each. */
  private static final int ROOM_AT_FIRST = 8 * 1024;

  private ByteBuffer buffer = ByteBuffer.allocate(ROOM_AT_FIRST);
  private byte[] bytes = buffer.array();
  private int scanned;
  private int bodyAt;
  private int bodyEnd;
  private int contentLength;
  private int chunkAt;

  ResponseReader() {
    reset();
  }

  /** Where the next bytes of the connection belong. */
  ByteBuffer space() {
    if (!buffer.hasRemaining()) {
      if (bytes.length >= RESPONSE_BYTES_MAX) {
        throw new LoadFailure("an answer is longer than " + RESPONSE_BYTES_MAX + " bytes");
      }
      buffer = ByteBuffer.allocate(bytes.length * 2).put(buffer.flip());
      bytes = buffer.array();
    }
    return buffer;
  }

  /** Whether the answer's body has a byte yet. */
  boolean begun() {
    return bodyAt != HEAD_UNSEEN && buffer.position() > bodyAt;
  }

  /** Looks at what was read since; true once the answer is complete. */
  boolean complete() {
    if (bodyAt == HEAD_UNSEEN && !findHead()) {
      return false;
    }
    if (contentLength == CHUNKED ? !dechunk() : buffer.position() < bodyAt + contentLength) {
      return false;
    }
    int end = contentLength == CHUNKED ? chunkAt : bodyAt + contentLength;
    if (buffer.position() > end) {
      throw new LoadFailure("bytes follow an answer that nobody asked for");
    }
    bodyEnd = contentLength == CHUNKED ? bodyEnd : end;
    return true;
  }

  /** The complete answer's status code. */
  int status() {
    return digit(STATUS_AT) * 100 + digit(STATUS_AT + 1) * 10 + digit(STATUS_AT + 2);
  }

  /** Whether the complete answer's body contains these bytes. */
  boolean bodyContains(byte[] marker) {
    for (int i = bodyAt; i <= bodyEnd - marker.length; i++) {
      if (bytes[i] == marker[0] && matches(i, marker)) {
        return true;
      }
    }
    return false;
  }

  /** The first characters of the complete answer's body, for a message. */
  String bodyStart() {
    int length = Math.min(300, bodyEnd - bodyAt);
    return new String(bytes, bodyAt, length, StandardCharsets.UTF_8);
  }

  /** Makes ready for the next answer. */
  void reset() {
    buffer.clear();
    scanned = 0;
    bodyAt = HEAD_UNSEEN;
  }

  private boolean findHead() {
    int end = buffer.position();
    for (int i = scanned; i + 4 <= end; i++) {
      if (bytes[i] == '\r'
          && bytes[i + 1] == '\n'
          && bytes[i + 2] == '\r'
          && bytes[i + 3] == '\n') {
        bodyAt = i + 4;
        bodyEnd = bodyAt;
        chunkAt = bodyAt;
        contentLength = readLength(i);
        return true;
      }
    }
    scanned = Math.max(0, end - 3);
    return false;
  }

  private int readLength(int headEnd) {
    for (int i = 0; i < headEnd; i++) {
      if (bytes[i] != '\n') {
        continue;
      }
      if (headerIs(CONTENT_LENGTH, i + 1)) {
        return number(i + 1 + CONTENT_LENGTH.length(), 10);
      }
      if (headerIs(TRANSFER_ENCODING, i + 1)) {
        return CHUNKED;
      }
    }
    throw new LoadFailure("an answer has neither a content length nor chunks");
  }

  private boolean headerIs(String name, int at) {
    for (int i = 0; i < name.length(); i++) {
      if ((bytes[at + i] | 0x20) != (name.charAt(i) | 0x20)) {
        return false;
      }
    }
    return true;
  }

  /** Moves the chunks' contents together; true once the last, empty chunk is there. */
  private boolean dechunk() {
    while (true) {
      int line = lineEnd(chunkAt);
      if (line < 0) {
        return false;
      }
      int size = number(chunkAt, 16);
      int next = line + 2 + size + 2;
      if (buffer.position() < next) {
        return false;
      }
      System.arraycopy(bytes, line + 2, bytes, bodyEnd, size);
      bodyEnd += size;
      chunkAt = next;
      if (size == 0) {
        return true;
      }
    }
  }

  private int lineEnd(int from) {
    for (int i = from; i + 1 < buffer.position(); i++) {
      if (bytes[i] == '\r' && bytes[i + 1] == '\n') {
        return i;
      }
    }
    return -1;
  }

  private int number(int from, int radix) {
    int at = from;
    while (bytes[at] == ' ') {
      at++;
    }
    int value = 0;
    for (int digit; (digit = Character.digit(bytes[at], radix)) >= 0; at++) {
      value = value * radix + digit;
      if (value > RESPONSE_BYTES_MAX) {
        throw new LoadFailure("an answer announces more than " + RESPONSE_BYTES_MAX + " bytes");
      }
    }
    return value;
  }

  private int digit(int at) {
    return bytes[at] - '0';
  }

  private boolean matches(int at, byte[] marker) {
    for (int i = 1; i < marker.length; i++) {
      if (bytes[at + i] != marker[i]) {
        return false;
      }
    }
    return true;
  }
}
