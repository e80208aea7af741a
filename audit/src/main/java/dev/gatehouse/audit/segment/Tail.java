package dev.gatehouse.audit.segment;

/** What lies behind the last complete batch of a stream. */
public sealed interface Tail {

  /** Nothing: the file ends, or holds only the zeros that it was preallocated with. */
  record Clean() implements Tail {}

  /**
   * Part of a batch that was never acknowledged: the process or the machine stopped while writing.
   */
  final class Torn implements Tail {

    private final byte[] bytes;

    Torn(byte[] bytes) {
      this.bytes = bytes;
    }

    /** What was written of it. */
    public byte[] bytes() {
      return bytes;
    }
  }

  /** Damage that an interrupted write does not explain. */
  record Corrupt(String what) implements Tail {}
}
