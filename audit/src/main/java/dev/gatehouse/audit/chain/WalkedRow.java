package dev.gatehouse.audit.chain;

/** Where a walk over a stream stands: the row just read, in a segment or in an export. */
public interface WalkedRow {

  StreamName name();

  /** How many rows were walked, counted from the stream's first one. */
  long rows();

  /** Number of the row just read. */
  default long seq() {
    return rows() - 1;
  }

  /** Its time, microseconds since 1970-01-01T00:00:00Z. */
  long tsMicros();

  /** Its link, in lower-case hexadecimal. */
  String linkHex();

  /** The buffer that holds its text, at {@link #textAt} for {@link #textBytes}. */
  byte[] buffer();

  int textAt();

  int textBytes();

  /** Its text, canonical JSON. */
  String text();

  /** Its leaf in the tree. */
  byte[] leaf();

  /** Its place. */
  BadRow place(String what);

  /** The error for the row just read. */
  BrokenChainException brokenHere(String what);

  /** The error for the row that is due next. */
  BrokenChainException brokenNext(String what);
}
