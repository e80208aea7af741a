package dev.gatehouse.audit.chain;

import java.io.Serial;

/** A stream does not hold; says which row is the first. */
public final class BrokenChainException extends Exception {

  @Serial private static final long serialVersionUID = 1L;

  private final transient BadRow row;

  public BrokenChainException(BadRow row) {
    super(row.toString());
    this.row = row;
  }

  public BadRow row() {
    return row;
  }
}
