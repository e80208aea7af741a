package dev.gatehouse.llm.failover;

/**
 * The right to use a lane once. Of {@link #served}, {@link #failed} and {@link #abandoned} exactly
 * one counts, the first that is called; a half-open breaker waits for it.
 */
public interface Pass {

  /** An answer began: enough for a probe, while a failure later in the answer still counts. */
  void begun();

  /** The lane served. */
  void served();

  /** The lane failed. */
  void failed(Fault fault);

  /** Nothing was learnt about the lane: the client left, or the request was at fault. */
  void abandoned();
}
