package dev.gatehouse.core.call;

/** What a call does to its target. The order is the order of risk. */
public enum OperationType {
  /** Changes nothing. */
  READ,
  /** Changes something that can be changed back. */
  WRITE,
  /** Limits damage (isolate a host, disable an account): urgent, and itself disruptive. */
  CONTAINMENT,
  /** Deletes or breaks something; may not be undone. */
  DESTRUCTIVE;

  /**
   * Whether the intent must be durable before the call is dispatched, rather than before its reply
   * is released.
   */
  public boolean durableBeforeDispatch() {
    return this != READ;
  }
}
