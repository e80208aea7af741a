package dev.gatehouse.llm.wire;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Cuts a byte stream into server-sent events, without copying where an event arrives in one piece.
 * Lines end in LF or CRLF.
 *
 * <p>Feed it, then call {@link #next} until it says no; between the two calls the positions refer
 * to {@link #bytes}. Not thread-safe.
 *
 * @see <a href="https://html.spec.whatwg.org/multipage/server-sent-events.html">Server-sent
 *     events</a>
 */
public final class SseReader {

  private static final byte[] NONE = {};

  private byte[] bytes = NONE;
  private int end;
  private int start;
  private int lineStart;
  private int at;
  private boolean owned;

  private String pendingName = "";
  private int pendingFrom = -1;
  private int pendingTo;
  private @Nullable ByteArrayOutputStream pendingJoined;

  private int eventFrom;
  private int eventTo;
  private String name = "";
  private byte[] data = NONE;
  private int dataFrom;
  private int dataTo;

  /** Adds what arrived. The array is kept, not copied, when nothing is pending. */
  public void feed(byte[] chunk) {
    int pending = end - start;
    if (pending == 0) {
      bytes = chunk;
      start = 0;
      end = chunk.length;
      lineStart = 0;
      at = 0;
      owned = false;
      return;
    }
    int need = pending + chunk.length;
    if (!owned || bytes.length - end < chunk.length) {
      byte[] room = new byte[Math.max(need, 2 * pending)];
      System.arraycopy(bytes, start, room, 0, pending);
      shift(start);
      bytes = room;
      owned = true;
    }
    System.arraycopy(chunk, 0, bytes, end, chunk.length);
    end += chunk.length;
  }

  private void shift(int by) {
    end -= by;
    lineStart -= by;
    at -= by;
    if (pendingFrom >= 0) {
      pendingFrom -= by;
      pendingTo -= by;
    }
    start = 0;
  }

  /** Moves to the next complete event; false when there is none yet. */
  public boolean next() {
    while (at < end) {
      if (bytes[at++] != '\n') {
        continue;
      }
      int lineEnd = at - 1 > lineStart && bytes[at - 2] == '\r' ? at - 2 : at - 1;
      int from = lineStart;
      lineStart = at;
      if (lineEnd == from) {
        complete();
        return true;
      }
      line(from, lineEnd);
    }
    return false;
  }

  /** At the end of the stream: takes what is left as an event, though no blank line closed it. */
  public boolean last() {
    if (at > lineStart) {
      line(lineStart, at);
      lineStart = at;
    }
    if (pendingFrom < 0) {
      return false;
    }
    complete();
    return true;
  }

  private void complete() {
    eventFrom = start;
    eventTo = at;
    name = pendingName;
    if (pendingJoined != null) {
      data = pendingJoined.toByteArray();
      dataFrom = 0;
      dataTo = data.length;
    } else {
      data = bytes;
      dataFrom = Math.max(pendingFrom, 0);
      dataTo = pendingFrom < 0 ? dataFrom : pendingTo;
    }
    start = at;
    pendingName = "";
    pendingFrom = -1;
    pendingJoined = null;
  }

  private void line(int from, int to) {
    if (startsWith(from, to, "data:")) {
      data(value(from + 5, to), to);
    } else if (startsWith(from, to, "event:")) {
      int value = value(from + 6, to);
      pendingName = new String(bytes, value, to - value, StandardCharsets.UTF_8);
    }
  }

  private void data(int from, int to) {
    if (pendingFrom < 0) {
      pendingFrom = from;
      pendingTo = to;
      return;
    }
    if (pendingJoined == null) {
      pendingJoined = new ByteArrayOutputStream();
      pendingJoined.write(bytes, pendingFrom, pendingTo - pendingFrom);
    }
    pendingJoined.write('\n');
    pendingJoined.write(bytes, from, to - from);
  }

  private int value(int from, int to) {
    return from < to && bytes[from] == ' ' ? from + 1 : from;
  }

  private boolean startsWith(int from, int to, String prefix) {
    if (to - from < prefix.length()) {
      return false;
    }
    for (int i = 0; i < prefix.length(); i++) {
      if (bytes[from + i] != prefix.charAt(i)) {
        return false;
      }
    }
    return true;
  }

  /** Bytes that wait for the rest of their event. */
  public int pendingBytes() {
    return end - start;
  }

  /** Whether {@link #bytes} is the very array that was fed last. */
  public boolean inPlace() {
    return !owned;
  }

  /** The array that {@link #eventFrom} and {@link #eventTo} refer to. */
  public byte[] bytes() {
    return bytes;
  }

  /** First byte of the event, framing included. */
  public int eventFrom() {
    return eventFrom;
  }

  /** The byte after the event's closing blank line. */
  public int eventTo() {
    return eventTo;
  }

  /** The event's name; empty when it has none. */
  public String name() {
    return name;
  }

  /** The array that {@link #dataFrom} and {@link #dataTo} refer to. */
  public byte[] data() {
    return data;
  }

  public int dataFrom() {
    return dataFrom;
  }

  public int dataTo() {
    return dataTo;
  }

  /** Whether the event carries data at all; a comment or a lone name does not. */
  public boolean hasData() {
    return dataTo > dataFrom;
  }

  /** Whether the data is OpenAI's closing {@code [DONE]}. */
  public boolean isDone() {
    return dataTo - dataFrom == 6
        && data[dataFrom] == '['
        && data[dataFrom + 1] == 'D'
        && data[dataTo - 1] == ']';
  }

  /** The data as text. */
  public String text() {
    return new String(data, dataFrom, dataTo - dataFrom, StandardCharsets.UTF_8);
  }
}
