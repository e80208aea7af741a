package dev.gatehouse.core.stop;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/**
 * Carries the orders of the kill switch between the processes of a fleet. It decides nothing: each
 * process refuses by what it knows itself, and tells the rest when it can be told again.
 *
 * <p>Thread-safe; every method returns at once.
 */
public interface StopCarrier {

  /**
   * Whether a process confirmed an order.
   *
   * @param node the name of the process
   * @param took from the question to the answer; empty when it did not confirm in time
   */
  record Confirmation(String node, Optional<Duration> took) {}

  /** The name of this process among the others. */
  String node();

  /** Begins to carry; once. */
  void carry(SharedStops stops);

  /** Something was ordered here that the others do not know yet. */
  void changed();

  /**
   * Asks the other processes that are known whether the order holds there.
   *
   * @return completes, never with a failure, when all have confirmed or that time is over
   */
  CompletionStage<List<Confirmation>> confirmed(String id, Duration patience);

  /** Whether it is known what the fleet has stopped, or that the fleet cannot be asked now. */
  boolean settled();

  /** The fleet of one process. */
  static StopCarrier alone(String node) {
    return new LoneStops(node);
  }
}
