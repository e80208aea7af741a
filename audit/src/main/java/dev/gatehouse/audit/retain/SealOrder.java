package dev.gatehouse.audit.retain;

import java.time.LocalDate;
import java.util.Optional;

/**
 * What becomes of streams that ended; what is not named stays as it was.
 *
 * @param stream which; without it all that ended
 * @param until the day from which they may expire, UTC
 * @param hold why they may not, whatever the day; in clear
 * @param release whether a hold ends
 * @param by who orders it
 */
public record SealOrder(
    Optional<String> stream,
    Optional<LocalDate> until,
    Optional<String> hold,
    boolean release,
    String by) {

  private static final int HOLD_CHARS_MAX = 500;

  public SealOrder {
    if (until.isEmpty() && hold.isEmpty() && !release) {
      throw new IllegalArgumentException("a seal names a date, a hold, or the end of one");
    }
    if (release && hold.isPresent()) {
      throw new IllegalArgumentException("a hold begins or ends, not both");
    }
    if (hold.isPresent() && (hold.get().isBlank() || hold.get().length() > HOLD_CHARS_MAX)) {
      throw new IllegalArgumentException(
          "a hold has a reason of at most " + HOLD_CHARS_MAX + " characters");
    }
  }
}
