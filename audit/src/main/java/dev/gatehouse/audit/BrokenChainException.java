package dev.gatehouse.audit;

import java.io.Serial;

/** A stream does not hold; says which row is the first. */
final class BrokenChainException extends Exception {

  @Serial private static final long serialVersionUID = 1L;

  private final transient BadRow row;

  BrokenChainException(BadRow row) {
    super(row.toString());
    this.row = row;
  }

  BadRow row() {
    return row;
  }
}
