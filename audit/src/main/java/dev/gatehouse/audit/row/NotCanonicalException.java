package dev.gatehouse.audit.row;

import java.io.Serial;

/** A row's text is not what the log would have written; says where and why. */
public final class NotCanonicalException extends Exception {

  @Serial private static final long serialVersionUID = 1L;

  NotCanonicalException(int at, String what) {
    super("not canonical JSON at byte " + at + " of the row: " + what);
  }
}
