package dev.gatehouse.llm;

import dev.gatehouse.core.gate.ExecutionGrant;
import dev.gatehouse.core.gate.Gate;
import dev.gatehouse.core.outcome.Attempt;
import dev.gatehouse.core.outcome.Evidence.ModelEvidence;
import dev.gatehouse.core.outcome.Outcome;
import dev.gatehouse.core.outcome.TokenUsage;
import dev.gatehouse.llm.failover.FaultKind;
import dev.gatehouse.llm.failover.Journey;
import dev.gatehouse.llm.failover.Lane;
import io.vertx.core.MultiMap;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * What happened to one call: its attempts and exclusions, told to the client in headers and to the
 * audit log in exactly one outcome row.
 */
final class Ledger {

  static final String UNTRANSLATABLE = "untranslatable";

  private static final String CANCELLED = "LLMCancelled";

  private final Gate gate;
  private final ExecutionGrant grant;
  private final Course course;
  private final Journey journey;
  private final Meter meter;
  private final Supplier<Duration> elapsed;
  private final List<Attempt> attempts = new ArrayList<>(2);
  private boolean settled;

  /**
   * @param course what the order of trying followed from
   * @param journey which knows whom it could ask and whom it passed by
   * @param meter knows what tries cost
   */
  Ledger(
      Gate gate,
      ExecutionGrant grant,
      Course course,
      Journey journey,
      Meter meter,
      Supplier<Duration> elapsed) {
    this.gate = gate;
    this.grant = grant;
    this.course = course;
    this.journey = journey;
    this.meter = meter;
    this.elapsed = elapsed;
  }

  List<Attempt> attempts() {
    return attempts;
  }

  void failed(Try attempt, FaultKind kind) {
    attempts.add(told(attempt, false, kind.rowName()));
  }

  void serving(Try attempt) {
    attempts.add(told(attempt, true, ""));
  }

  /** The attempt that was serving has failed after all. */
  void servingFailed(Try attempt, FaultKind kind) {
    attempts.removeLast();
    failed(attempt, kind);
  }

  /** The attempt was given up, through no fault of its provider. */
  void cancelled(Try attempt, boolean wasServing) {
    if (wasServing) {
      attempts.removeLast();
    }
    attempts.add(told(attempt, false, CANCELLED));
  }

  private Attempt told(Try attempt, boolean ok, String kind) {
    return attempt.attempt(ok, kind, meter.billing(attempt, ok));
  }

  // --- the row ---------------------------------------------------------------------------------

  void completed(Try attempt, Given given) {
    attempts.removeLast(); // what it used up is known only now
    serving(attempt);
    settle(new Outcome.Completed(evidence(attempt, given)));
  }

  void refused(String kind, String message) {
    settle(new Outcome.Failed(kind, message, evidence()));
  }

  /** Nobody served, but somebody may have computed an answer. */
  void unknown(String reason) {
    settle(new Outcome.Indeterminate(reason, evidence()));
  }

  /** An answer was begun and not brought to its end. */
  void unknown(String reason, Try attempt, Given given) {
    settle(new Outcome.Indeterminate(reason, evidence(attempt, given)));
  }

  private void settle(Outcome outcome) {
    if (!settled) {
      settled = true;
      meter.settle(attempts);
      gate.settle(grant, outcome);
    }
  }

  private ModelEvidence evidence(Try attempt, Given given) {
    return new ModelEvidence(
        elapsed.get(),
        attempt.lane().provider().name(),
        attempt.servedModel(),
        journey.candidates(),
        attempts,
        journey.excluded(),
        attempt.scan().usage(),
        attempt.scan().finishReason(),
        given.bytes(),
        given.body(),
        course.evidence(journey));
  }

  private ModelEvidence evidence() {
    return new ModelEvidence(
        elapsed.get(),
        "",
        "",
        journey.candidates(),
        attempts,
        journey.excluded(),
        TokenUsage.NONE,
        "",
        0,
        Optional.empty(),
        course.evidence(journey));
  }

  // --- the headers -----------------------------------------------------------------------------

  /** Says who serves or refused, and what went before. */
  void describe(Lane lane, MultiMap headers) {
    headers.set(Headers.PROVIDER, lane.provider().name());
    headers.set(Headers.MODEL, lane.model());
    describe(headers);
  }

  /** Says how often was tried, and what failed. */
  void describe(MultiMap headers) {
    headers.set(Headers.ATTEMPTS, Integer.toString(attempts.size()));
    StringBuilder reasons = new StringBuilder();
    for (Attempt attempt : attempts) {
      if (!attempt.ok()) {
        reasons.append(reasons.isEmpty() ? "" : ",").append(attempt.kind());
      }
    }
    if (!reasons.isEmpty()) {
      headers.set(Headers.REASON, reasons.toString());
    }
  }
}
