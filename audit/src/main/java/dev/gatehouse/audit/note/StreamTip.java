package dev.gatehouse.audit.note;

import dev.gatehouse.audit.chain.StreamName;

/**
 * Where a stream stands, as a {@link FleetCheckpoint} says it.
 *
 * @param rows how many rows it has; at least one
 * @param link its last link, 64 hexadecimal digits
 */
public record StreamTip(StreamName stream, long rows, String link) {

  static final String PREFIX = "tip ";
  private static final int PARTS = 3;

  public StreamTip {
    if (rows < 1 || !link.matches("[0-9a-f]{64}")) {
      throw new IllegalArgumentException("a tip has a row and a link of 64 hexadecimal digits");
    }
  }

  /** {@code tip <stream> <rows> <link>}. */
  public String line() {
    return PREFIX + stream + " " + rows + " " + link;
  }

  /**
   * Reads the line.
   *
   * @throws IllegalArgumentException when it is not one
   */
  public static StreamTip parse(String line) {
    String[] parts =
        line.startsWith(PREFIX) ? line.substring(PREFIX.length()).split(" ", -1) : new String[0];
    if (parts.length != PARTS) {
      throw new IllegalArgumentException("a line 'tip STREAM ROWS LINK' was due");
    }
    StreamName stream =
        StreamName.parse(parts[0])
            .orElseThrow(() -> new IllegalArgumentException("a tip of what is no stream"));
    return new StreamTip(stream, Long.parseLong(parts[1]), parts[2]);
  }
}
