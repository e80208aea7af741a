package dev.gatehouse.gateway.notify;

/** Hears what became of each notice for each receiver. Called on any thread; does not block. */
@FunctionalInterface
public interface Deliveries {

  /**
   * One notice more.
   *
   * @param receiver its name in the config
   */
  void count(String receiver, Fate fate);

  /** What can become of a notice. */
  enum Fate {
    /** The receiver has it. */
    DELIVERED,
    /** It was given up, or the gateway ended: the receiver does not have it. */
    LOST
  }
}
