package dev.gatehouse.bench.load;

import java.nio.charset.StandardCharsets;
import java.util.Map;

/**
 * The bytes of an HTTP/1.1 request that is sent over and over, with room for a running number.
 *
 * <p>Where the body says {@link #NUMBER}, each sending has another number of ten digits, as a
 * JSON-RPC id needs. Not thread-safe: one connection owns one template.
 */
public final class RequestTemplate {

  /** Stands in a body for the running number. */
  public static final String NUMBER = "1000000000";

  private final byte[] bytes;
  private final int numberAt;
  private long number = Long.parseLong(NUMBER);

  private RequestTemplate(byte[] bytes, int numberAt) {
    this.bytes = bytes;
    this.numberAt = numberAt;
  }

  /** A POST of that body; host, content type and length are added to the headers. */
  public static RequestTemplate post(String path, Map<String, String> headers, String body) {
    byte[] payload = body.getBytes(StandardCharsets.UTF_8);
    StringBuilder head = new StringBuilder("POST " + path + " HTTP/1.1\r\nhost: 127.0.0.1\r\n");
    headers.forEach((name, value) -> head.append(name + ": " + value + "\r\n"));
    head.append("content-type: application/json\r\ncontent-length: " + payload.length + "\r\n\r\n");
    String text = head + body;
    int slot = text.indexOf(NUMBER, head.length());
    int numberAt = slot < 0 ? -1 : text.substring(0, slot).getBytes(StandardCharsets.UTF_8).length;
    return new RequestTemplate(text.getBytes(StandardCharsets.UTF_8), numberAt);
  }

  /** The bytes of the next sending; valid until the next call. */
  byte[] next() {
    if (numberAt >= 0) {
      long rest = ++number;
      for (int i = numberAt + NUMBER.length() - 1; i >= numberAt; i--) {
        bytes[i] = (byte) ('0' + rest % 10);
        rest /= 10;
      }
    }
    return bytes;
  }
}
