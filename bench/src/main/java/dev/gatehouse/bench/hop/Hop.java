package dev.gatehouse.bench.hop;

import dev.gatehouse.bench.process.Usage;
import java.io.IOException;

/**
 * A running process between the driver and the upstream.
 *
 * @param name for progress and messages
 * @param port where it listens
 * @param key the credential that its clients send
 * @param tool the name under which it offers the upstream's tool
 * @param meter reads what its process has used
 */
record Hop(String name, int port, String key, String tool, Meter meter) {

  /** Reads what a process has used so far. */
  @FunctionalInterface
  interface Meter {
    Usage read() throws IOException;
  }
}
