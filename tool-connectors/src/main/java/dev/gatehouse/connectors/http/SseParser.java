package dev.gatehouse.connectors.http;

import dev.gatehouse.connectors.json.MalformedMessageException;
import io.vertx.core.buffer.Buffer;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/**
 * An incremental parser of an event stream (WHATWG HTML, section 9.2.6), with bounded events. For
 * one thread.
 */
public final class SseParser {

  /** Receives what the stream holds. */
  public interface Events {

    /** The data of a {@code message} event: UTF-8 text, without the last line end. */
    void data(byte[] text);

    /** How long to wait before reconnecting, as the stream asks. */
    void retry(Duration delay);
  }

  private static final byte[] BOM = {(byte) 0xEF, (byte) 0xBB, (byte) 0xBF};
  private static final int RETRY_DIGITS_MAX = 9;

  private final int eventBytesMax;
  private final Events events;
  private final ByteArrayOutputStream line = new ByteArrayOutputStream();
  private final ByteArrayOutputStream data = new ByteArrayOutputStream();
  private boolean hasData;
  private String type = "";
  private String lastEventId = "";
  private boolean afterReturn;
  private boolean firstLine = true;

  public SseParser(int eventBytesMax, Events events) {
    this.eventBytesMax = eventBytesMax;
    this.events = events;
  }

  /** The id of the latest event that had one; empty before. */
  String lastEventId() {
    return lastEventId;
  }

  /**
   * Takes the next bytes.
   *
   * @throws MalformedMessageException when an event is longer than the limit
   */
  public void feed(Buffer bytes) throws MalformedMessageException {
    byte[] chunk = bytes.getBytes();
    int start = 0;
    for (int i = 0; i < chunk.length; i++) {
      byte c = chunk[i];
      if (c == '\n' || c == '\r') {
        boolean secondOfPair = c == '\n' && afterReturn && i == start && line.size() == 0;
        append(chunk, start, i);
        start = i + 1;
        afterReturn = c == '\r';
        if (!secondOfPair) {
          endLine();
        }
      } else {
        afterReturn = false;
      }
    }
    append(chunk, start, chunk.length);
  }

  private void append(byte[] chunk, int start, int end) throws MalformedMessageException {
    if (line.size() + data.size() + end - start > eventBytesMax) {
      throw new MalformedMessageException(
          "an event is longer than messageBytesMax (" + eventBytesMax + ")");
    }
    line.write(chunk, start, end - start);
  }

  private void endLine() {
    byte[] text = line.toByteArray();
    line.reset();
    int start = firstLine && startsWithBom(text) ? BOM.length : 0;
    firstLine = false;
    if (text.length == start) {
      dispatch();
      return;
    }
    int colon = start;
    while (colon < text.length && text[colon] != ':') {
      colon++;
    }
    int value = colon + 1 < text.length && text[colon + 1] == ' ' ? colon + 2 : colon + 1;
    field(
        new String(text, start, colon - start, StandardCharsets.UTF_8),
        text,
        Math.min(value, text.length));
  }

  private void field(String name, byte[] text, int start) {
    switch (name) {
      case "data" -> {
        if (hasData) {
          data.write('\n');
        }
        data.write(text, start, text.length - start);
        hasData = true;
      }
      case "event" -> type = value(text, start);
      case "id" -> {
        String id = value(text, start);
        if (id.chars().allMatch(c -> c >= ' ' && c <= '~')) { // else no header could give it back
          lastEventId = id;
        }
      }
      case "retry" -> {
        String millis = value(text, start);
        if (!millis.isEmpty()
            && millis.length() <= RETRY_DIGITS_MAX
            && millis.chars().allMatch(c -> c >= '0' && c <= '9')) {
          events.retry(Duration.ofMillis(Long.parseLong(millis)));
        }
      }
      default -> {} // comments and fields of the future
    }
  }

  private void dispatch() {
    byte[] text = data.toByteArray();
    boolean message = hasData && text.length > 0 && (type.isEmpty() || type.equals("message"));
    data.reset();
    hasData = false;
    type = "";
    if (message) {
      events.data(text);
    }
  }

  private static String value(byte[] text, int start) {
    return new String(text, start, text.length - start, StandardCharsets.UTF_8);
  }

  private static boolean startsWithBom(byte[] text) {
    return text.length >= 3 && text[0] == BOM[0] && text[1] == BOM[1] && text[2] == BOM[2];
  }
}
