package dev.gatehouse.connectors.stdio;

import java.util.Collection;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A child's standard error, in the log at debug level: a bounded number of lines a second, each of
 * bounded length, without control characters and without the values of its configured environment.
 */
final class StderrLog implements LineReader.Lines {

  /** Longest line that is shown; of a longer one its beginning is. */
  static final int LINE_BYTES_MAX = 2_048;

  private static final Logger LOG = LoggerFactory.getLogger(StderrLog.class);
  private static final int SECRET_LENGTH_MIN = 4;

  private final String upstream;
  private final List<String> secrets;
  private final LogThrottle throttle = new LogThrottle(System::nanoTime);

  StderrLog(String upstream, Collection<String> values) {
    this.upstream = upstream;
    // Longest first, so that no rest of a value stays that contains another; "1" and "true" are no
    // secrets, and would black out every line.
    this.secrets =
        values.stream()
            .filter(value -> value.length() >= SECRET_LENGTH_MIN && !value.equals("true"))
            .filter(value -> !value.equals("false"))
            .sorted((a, b) -> b.length() - a.length())
            .toList();
  }

  @Override
  public void line(byte[] text, int offset, int length) {
    if (LOG.isDebugEnabled()) {
      throttle.log(
          suppressed ->
              LOG.debug(
                  "mcp {} stderr: {}{}",
                  upstream,
                  clean(StdioWire.text(text, offset, length)),
                  suppressed == 0 ? "" : " (" + suppressed + " lines not shown before this)"));
    }
  }

  @Override
  public void overlong(byte[] head, byte[] tail) {
    line(head, 0, head.length);
  }

  /** The line as it may be logged. */
  String clean(String line) {
    String clean = line;
    for (String secret : secrets) {
      clean = clean.replace(secret, "***");
    }
    return clean.replaceAll("\\p{Cntrl}", " ");
  }
}
