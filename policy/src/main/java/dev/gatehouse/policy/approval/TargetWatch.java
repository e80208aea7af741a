package dev.gatehouse.policy.approval;

import dev.gatehouse.core.approval.ApprovalId;
import dev.gatehouse.core.approval.ApprovalVoidException;
import dev.gatehouse.core.approval.StateReader;
import dev.gatehouse.core.approval.TargetState;
import dev.gatehouse.core.audit.AuditLog;
import dev.gatehouse.core.call.GovernedCall;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * The states of targets: read when a question is asked, and again when its approval is used, since
 * an approver said yes to a change of what was seen and not of something else. Thread-safe.
 */
final class TargetWatch {

  private final AuditLog audit;
  private final InstantSource clock;
  private final ApprovalKeeper keeper;
  private volatile StateReader reader = StateReader.NONE;

  TargetWatch(AuditLog audit, InstantSource clock, ApprovalKeeper keeper) {
    this.audit = audit;
    this.clock = clock;
    this.keeper = keeper;
  }

  void readBy(StateReader next) {
    reader = next;
  }

  /** What a new question about that call shows. */
  TargetState first(GovernedCall call) {
    return reader.reads(call) ? new TargetState.Reading() : new TargetState.NotRead();
  }

  /** Reads what the question is about, for the approver. */
  void look(Question question, GovernedCall call) {
    if (question.request().review().state() instanceof TargetState.NotRead) {
      return;
    }
    var _ =
        reader
            .read(call)
            .whenComplete(
                (state, failure) ->
                    show(
                        question,
                        state == null || failure != null
                            ? new TargetState.Unreadable("reading it failed")
                            : state));
  }

  /** The same once more, when it did not work the last time. */
  void lookAgain(Question question, GovernedCall call) {
    if (question.request().review().state() instanceof TargetState.Unreadable
        && question.show(new TargetState.Reading()).isPresent()) {
      look(question, call);
    }
  }

  private void show(Question question, TargetState state) {
    question
        .show(state)
        .ifPresent(
            shown -> {
              keeper.keep(question);
              ApprovalRows.note(audit, ApprovalRows.stateRead(shown, clock.instant()));
            });
  }

  /**
   * Completes when the target is still as the approver saw it; fails with {@link
   * ApprovalVoidException} otherwise.
   */
  CompletionStage<Void> unchanged(ApprovalId id, Optional<Question> question, GovernedCall call) {
    TargetState seen =
        question
            .<TargetState>map(known -> known.request().review().state())
            .orElseGet(() -> first(call));
    if (seen instanceof TargetState.NotRead) {
      return CompletableFuture.completedStage(null);
    }
    return reader
        .read(call)
        .thenAccept(
            now -> {
              if (!(seen instanceof TargetState.Read before)) {
                throw voided(id, question, call, "nobody saw the state of its target");
              }
              if (!(now instanceof TargetState.Read after)) {
                throw voided(id, question, call, "the state of its target cannot be read any more");
              }
              if (!after.digest().equals(before.digest())) {
                throw voided(id, question, call, "its target changed after it was shown");
              }
            });
  }

  private ApprovalVoidException voided(
      ApprovalId id, Optional<Question> question, GovernedCall call, String why) {
    question.ifPresent(
        known ->
            ApprovalRows.note(
                audit, ApprovalRows.voided(known.request(), call.id(), why, clock.instant())));
    return new ApprovalVoidException(
        "approval " + id + " is void: " + why + "; nothing was carried out, ask again");
  }
}
