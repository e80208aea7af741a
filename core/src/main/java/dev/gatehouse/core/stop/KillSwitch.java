package dev.gatehouse.core.stop;

import dev.gatehouse.core.audit.AuditReceipt;
import java.util.List;
import java.util.concurrent.CompletionStage;

/** Stops calls at once, for everybody who passes the Gate. Thread-safe, never blocks. */
public interface KillSwitch {

  /**
   * Stops what the scope covers: the next call that asks is refused, whether or not the order can
   * be recorded.
   *
   * @return completes when the order's row is durable; fails when it cannot become so
   * @throws IllegalArgumentException for a blank or overlong reason, or one stop too many
   */
  CompletionStage<AuditReceipt> stop(StopScope scope, String reason, String by);

  /**
   * Lifts the stop of exactly this scope. It holds on until the row is durable, and for good when
   * it cannot become so.
   *
   * @return completes with whether there was such a stop, after it was lifted
   * @throws IllegalArgumentException for a blank or overlong reason
   */
  CompletionStage<Boolean> lift(StopScope scope, String reason, String by);

  /** The stops in force, oldest first. */
  List<Stop> stops();
}
