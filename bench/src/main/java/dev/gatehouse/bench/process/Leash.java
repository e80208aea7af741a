package dev.gatehouse.bench.process;

import java.io.IOException;

/**
 * What ends a child process: its standard input is a pipe from the parent, and when that closes the
 * child exits, however the parent ended.
 */
public final class Leash {

  private Leash() {}

  /** Exits this process, shutdown hooks included, once standard input ends. */
  public static void fasten() {
    Thread.ofPlatform().daemon().name("leash").start(Leash::awaitEnd);
  }

  private static void awaitEnd() {
    try {
      while (System.in.read() >= 0) {
        // The parent never writes; whatever comes is ignored.
      }
    } catch (IOException e) {
      System.err.println("leash: standard input broke: " + e.getMessage());
    }
    System.exit(0);
  }
}
