package dev.gatehouse.llm.wire;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * A replacement of some bytes of a body.
 *
 * @param from first byte that goes
 * @param to the byte after the last that goes; equal to {@code from} to insert
 * @param with what comes instead
 */
record Splice(int from, int to, String with) {

  /** Applies splices that are in order and do not overlap. */
  static byte[] apply(byte[] body, List<Splice> splices) {
    if (splices.isEmpty()) {
      return body;
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream(body.length + 128);
    int done = 0;
    for (Splice splice : splices) {
      out.write(body, done, splice.from - done);
      out.writeBytes(splice.with.getBytes(StandardCharsets.UTF_8));
      done = splice.to;
    }
    out.write(body, done, body.length - done);
    return out.toByteArray();
  }
}
