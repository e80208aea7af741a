package dev.gatehouse.policy.approval;

import dev.gatehouse.core.approval.ApprovalRelease;
import dev.gatehouse.core.approval.ApprovalRequest;
import dev.gatehouse.core.approval.ApprovalRequest.State;
import dev.gatehouse.core.approval.TargetState;
import dev.gatehouse.core.decision.Situation;
import dev.gatehouse.core.json.CanonicalJson;
import dev.gatehouse.core.json.Digest;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.UnaryOperator;

/**
 * One question and where it stands. The transitions are those of {@link State}; each is a
 * compare-and-set that one caller wins, and who wins it takes care of what follows from it.
 *
 * <p>While an answer is being recorded the question is claimed, so that of two approvers only one
 * leaves a row. A claim does not hold up expiry.
 */
final class Question {

  private final AtomicReference<ApprovalRequest> request;
  private final Digest policyDigest;
  private final Digest riskDigest;
  private final int argumentBytes;
  private final AtomicBoolean claimed = new AtomicBoolean();
  private final CompletableFuture<ApprovalRequest> decided = new CompletableFuture<>();
  private volatile Instant deniedAt = Instant.MIN;

  Question(ApprovalRequest request, Situation situation) {
    this(request, situation.policies().digest(), situation.risk().digest());
  }

  Question(ApprovalRequest request, Digest policyDigest, Digest riskDigest) {
    this.request = new AtomicReference<>(request);
    this.policyDigest = policyDigest;
    this.riskDigest = riskDigest;
    this.argumentBytes =
        request.arguments().isEmpty() ? 0 : CanonicalJson.bytes(request.arguments()).length;
    if (request.state() != State.PENDING) {
      decided.complete(request);
    }
  }

  ApprovalRequest request() {
    return request.get();
  }

  Digest policyDigest() {
    return policyDigest;
  }

  Digest riskDigest() {
    return riskDigest;
  }

  /** The canonical size of the arguments that it was asked with. */
  int argumentBytes() {
    return argumentBytes;
  }

  /** Completes when the question leaves {@code PENDING}. */
  CompletableFuture<ApprovalRequest> decided() {
    return decided;
  }

  Instant deniedAt() {
    return deniedAt;
  }

  /** Whether it is asked under these very policies and risk tables. */
  boolean askedUnder(Situation situation) {
    return askedUnder(situation.policies().digest(), situation.risk().digest());
  }

  boolean askedUnder(Digest policies, Digest risk) {
    return policyDigest.equals(policies) && riskDigest.equals(risk);
  }

  boolean claim() {
    return claimed.compareAndSet(false, true);
  }

  void giveUpClaim() {
    claimed.set(false);
  }

  boolean overAt(Instant now) {
    return !now.isBefore(request().expiresAt());
  }

  /**
   * Answers it; empty when it is not pending any more. It stays pending while more must say yes.
   */
  Optional<ApprovalRequest> answer(boolean approve, String by, String reason, Instant now) {
    if (!approve) {
      deniedAt = now;
      return move(State.PENDING, State.DENIED, by, reason);
    }
    return change(
        State.PENDING,
        current -> {
          ApprovalRequest counted = current.with(current.review().approvedAlsoBy(by));
          return current.review().completedByOneMore()
              ? counted.moved(
                  State.APPROVED, String.join(", ", counted.review().approvedBy()), reason)
              : counted;
        });
  }

  /** Shows another state of the target, as long as nobody answered; empty when somebody did. */
  Optional<ApprovalRequest> show(TargetState state) {
    return change(State.PENDING, current -> current.with(current.review().with(state)));
  }

  /** Uses it up; empty when it is not approved, or not any more. */
  Optional<ApprovalRequest> use() {
    ApprovalRequest now = request();
    return move(State.APPROVED, State.CONSUMED, now.decidedBy(), now.decisionReason());
  }

  /** Ends it without an answer, or an answer without a use; empty when it is over already. */
  Optional<ApprovalRequest> expire(String reason) {
    Optional<ApprovalRequest> expired = move(State.PENDING, State.EXPIRED, "", reason);
    return expired.isPresent()
        ? expired
        : move(State.APPROVED, State.EXPIRED, request().decidedBy(), reason);
  }

  /** What it opens at that time; empty unless it is approved. */
  Optional<ApprovalRelease> release(Instant now) {
    ApprovalRequest current = request();
    return current.state() == State.APPROVED && now.isBefore(current.expiresAt())
        ? Optional.of(
            new ApprovalRelease(
                current.id(), current.binding(), policyDigest, riskDigest, current.expiresAt()))
        : Optional.empty();
  }

  private Optional<ApprovalRequest> move(State from, State to, String by, String reason) {
    return change(from, current -> current.moved(to, by, reason));
  }

  /** What another changed meanwhile, such as the target's state, is kept; only the state counts. */
  private Optional<ApprovalRequest> change(State from, UnaryOperator<ApprovalRequest> change) {
    while (true) {
      ApprovalRequest current = request();
      if (current.state() != from) {
        return Optional.empty();
      }
      ApprovalRequest next = change.apply(current);
      if (request.compareAndSet(current, next)) {
        return Optional.of(next);
      }
    }
  }
}
