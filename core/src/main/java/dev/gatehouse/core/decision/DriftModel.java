package dev.gatehouse.core.decision;

import dev.gatehouse.core.call.GovernedCall;
import java.time.Duration;
import java.util.List;

/** Compares what an agent does with what its manifest declares. Immutable and pure. */
public interface DriftModel {

  /** Every deviation of this call, gravest first; none when it is within the manifest. */
  List<Finding> assess(GovernedCall call, Situation situation);

  /** How grave a deviation is, and so what answers it. */
  enum Severity {
    LOW,
    MEDIUM,
    HIGH,
    CRITICAL
  }

  /**
   * A deviation.
   *
   * @param severity low goes on, medium is throttled, high and critical are denied
   * @param reason what deviates from what
   * @param retryAfter when a throttled call may succeed; zero where that is not known
   */
  record Finding(Severity severity, Reason reason, Duration retryAfter) {

    /** A deviation of which it is not known when it ends. */
    public Finding(Severity severity, Reason reason) {
      this(severity, reason, Duration.ZERO);
    }
  }
}
