package dev.gatehouse.core.fleet;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/**
 * Carries orders of one kind between the processes of a fleet. It decides nothing: each process
 * goes by what it knows itself, and tells the rest when it can be told again.
 *
 * <p>Thread-safe; every method returns at once.
 */
public interface NoteCarrier {

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
  void carry(SharedNotes notes);

  /** Something was ordered here that the others do not know yet. */
  void changed();

  /**
   * Asks the other processes that are known whether they have heard an order.
   *
   * @return completes, never with a failure, when all have confirmed or that time is over
   */
  CompletionStage<List<Confirmation>> confirmed(String id, Duration patience);

  /** Whether it is known what the fleet was ordered, or that the fleet cannot be asked now. */
  boolean settled();

  /**
   * How long ago the last question was asked whose answer held all that the fleet knew: what it was
   * ordered since may be unknown here. Very long when there was none.
   */
  Duration silence();

  /** The fleet of one process. */
  static NoteCarrier alone(String node) {
    return new LoneNotes(node);
  }
}
