package dev.gatehouse.core.fleet;

import java.time.Duration;

/**
 * The right to send the one probe of a fleet. It holds, and is renewed, until the first of {@link
 * #served}, {@link #failed} and {@link #abandoned}; it ends by itself soon after its process does.
 * Thread-safe; returns at once.
 */
public interface ProbeLease {

  /** The lane serves again, everywhere. */
  void served();

  /** The lane rests again, everywhere. */
  void failed(Duration rest);

  /** Nothing was learnt: somebody else may probe. */
  void abandoned();
}
