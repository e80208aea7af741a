package dev.gatehouse.audit.witness;

import java.io.IOException;

/**
 * A place out of the gateway's reach where witnessed notes go: a port.
 *
 * <p>Called by one thread, that of the {@link Outbox}; may block, for a bounded time.
 */
public interface WitnessStore extends AutoCloseable {

  /**
   * Keeps an object under a name that holds its content's hash. Putting it again is no error: after
   * a failure nobody knows whether it got there.
   *
   * @throws IOException when it is not known to be kept
   */
  void put(String name, byte[] content) throws IOException;

  /** What people call the place. */
  String place();

  @Override
  void close();
}
