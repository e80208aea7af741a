package dev.gatehouse.llm.failover;

import dev.gatehouse.core.outcome.Exclusion;
import java.util.concurrent.CompletionStage;

/** A lane's answer to whoever wants to use it. */
public sealed interface Entry {

  /** Come in; say afterwards how it went. */
  record Open(Pass pass) implements Entry {}

  /** Not now. */
  record Shut(Exclusion exclusion) implements Entry {}

  /**
   * The lane is due for a probe, and the fleet is being asked whether this call may be it. One call
   * of a process at a time gets this answer; the others are shut out.
   *
   * @param answer completes within the fleet's time limit, on any thread, with {@link Open} or
   *     {@link Shut}; a call that is no longer wanted then gives its pass back
   */
  record Asked(CompletionStage<Entry> answer) implements Entry {}
}
