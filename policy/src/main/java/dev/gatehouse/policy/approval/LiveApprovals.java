package dev.gatehouse.policy.approval;

import dev.gatehouse.core.approval.ApprovalId;
import dev.gatehouse.core.approval.ApprovalRelease;
import dev.gatehouse.core.approval.ApprovalRequest;
import dev.gatehouse.core.approval.ApprovalRequest.State;
import dev.gatehouse.core.approval.ApprovalVoidException;
import dev.gatehouse.core.approval.Approvals;
import dev.gatehouse.core.approval.CallBinding;
import dev.gatehouse.core.approval.StateReader;
import dev.gatehouse.core.audit.AuditLog;
import dev.gatehouse.core.audit.AuditReceipt;
import dev.gatehouse.core.call.CallId;
import dev.gatehouse.core.call.GovernedCall;
import dev.gatehouse.core.decision.Decision.RequireApproval;
import dev.gatehouse.core.decision.Ruling;
import dev.gatehouse.core.decision.Situation;
import dev.gatehouse.core.json.Digest;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.random.RandomGenerator;

/**
 * The approvals of one process: in memory, and kept for the next one ({@link ApprovalKeeper}).
 *
 * <p>A change that gives a right waits for its row: an answer takes effect when it is durable. A
 * change that takes one away does not: an approval expires and is used up at once, row or no row.
 * Time-outs are found by whoever looks at a question, and by {@link #sweep} for those that nobody
 * looks at.
 */
public final class LiveApprovals implements Approvals {

  private final AuditLog audit;
  private final InstantSource clock;
  private final ApprovalLimits limits;
  private final ApprovalKeeper keeper;
  private final TargetWatch targets;
  private final QuestionMaker questions;
  private final QuestionBook book;
  private final QuestionEnds ends;
  private final BallotBox ballots;

  /**
   * @param random makes ids; must be unpredictable
   */
  public LiveApprovals(
      AuditLog audit, InstantSource clock, RandomGenerator random, ApprovalLimits limits) {
    this(audit, clock, random, limits, ApprovalKeeper.forgetful());
  }

  /** The same whose open questions outlive the process. */
  public LiveApprovals(
      AuditLog audit,
      InstantSource clock,
      RandomGenerator random,
      ApprovalLimits limits,
      ApprovalKeeper keeper) {
    this.audit = audit;
    this.clock = clock;
    this.limits = limits;
    this.keeper = keeper;
    this.targets = new TargetWatch(audit, clock, keeper);
    this.questions = new QuestionMaker(random, targets);
    this.book = new QuestionBook(limits);
    this.ends = new QuestionEnds(book, keeper, audit, clock);
    this.ballots = new BallotBox(book, ends, keeper, limits.ownerMayApprove(), audit, clock);
  }

  @Override
  public ApprovalRequest open(
      GovernedCall call, Situation situation, Ruling ruling, RequireApproval demand) {
    CallBinding binding = CallBinding.of(call);
    book.about(binding).ifPresent(question -> ends.endIfStale(question, situation));
    book.about(binding).ifPresent(question -> targets.lookAgain(question, call));
    Question question;
    CompletionStage<AuditReceipt> row;
    synchronized (book) {
      Optional<Question> standing = book.about(binding).filter(q -> stands(q, situation));
      if (standing.isPresent()) {
        return standing.get().request();
      }
      question = questions.about(call, situation, ruling, demand);
      book.checkRoom(question);
      keeper.checkRoom();
      row = audit.append(ApprovalRows.opened(question, situation.at())); // throws: nothing is open
      book.enter(question);
    }
    row.whenComplete(
        (_, failure) -> {
          if (failure == null) {
            keeper.keep(question);
            targets.look(question, call);
          } else {
            ends.end(question, "the question could not be recorded");
          }
        });
    return question.request();
  }

  @Override
  public Optional<ApprovalRelease> release(CallBinding binding, Instant now) {
    return book.about(binding).flatMap(question -> question.release(now));
  }

  @Override
  public boolean consume(ApprovalId id, CallId by, Instant now) {
    Optional<Question> question = book.find(id);
    if (question.isEmpty() || ends.expiredBy(question.get(), now)) {
      return false;
    }
    Optional<ApprovalRequest> used = question.get().use();
    if (used.isEmpty()) {
      return false;
    }
    book.retire(question.get());
    keeper.keep(question.get());
    audit.append(ApprovalRows.used(used.get(), by, now));
    return true;
  }

  @Override
  public CompletionStage<Void> confirmed(ApprovalId id, GovernedCall call) {
    return keeper
        .settled()
        .exceptionally(
            failure -> {
              throw new ApprovalVoidException(
                  "the use of approval "
                      + id
                      + " could not be kept, so nothing was carried out; ask again",
                  failure);
            })
        .thenCompose(_ -> targets.unchanged(id, book.find(id), call));
  }

  /** From now on that tells the state of targets. */
  public void readStatesBy(StateReader reader) {
    targets.readBy(reader);
  }

  /**
   * Takes up the questions of the process before this one. Of those asked under other policies or
   * risk tables, and of those whose time is over, the record says that they ended.
   */
  public void restore(List<ApprovalRequest> kept, Digest policies, Digest risk) {
    for (ApprovalRequest request : kept) {
      book.enter(
          new Question(
              request,
              request.review().policyDigest().orElse(policies),
              request.review().riskDigest().orElse(risk)));
    }
    if (!kept.isEmpty()) {
      ApprovalRows.note(audit, ApprovalRows.restored(kept.size(), clock.instant()));
    }
    ends.voidOthers(policies, risk);
    ends.sweep();
  }

  /** Ends the questions that were asked under other policies or risk tables. */
  public void voidOthers(Digest policies, Digest risk) {
    ends.voidOthers(policies, risk);
  }

  /** Ends the questions whose time is over. */
  public void sweep() {
    ends.sweep();
  }

  @Override
  public Optional<ApprovalRequest> find(ApprovalId id) {
    Optional<Question> question = book.find(id);
    question.ifPresent(ends::expired);
    return question.map(Question::request);
  }

  @Override
  public List<ApprovalRequest> pending() {
    ends.sweep();
    return book.open().stream()
        .map(Question::request)
        .filter(request -> request.state() == State.PENDING)
        .toList();
  }

  @Override
  public CompletionStage<VoteResult> vote(ApprovalId id, Vote vote) {
    return book.find(id)
        .map(question -> ballots.cast(question, vote))
        .orElseGet(() -> CompletableFuture.completedStage(new VoteResult.Unknown()));
  }

  @Override
  public CompletionStage<ApprovalRequest> decided(ApprovalId id) {
    Optional<Question> question = book.find(id);
    if (question.isEmpty()) {
      return CompletableFuture.failedStage(
          new NoSuchElementException("no approval " + id + " is remembered"));
    }
    ends.expired(question.get());
    return question.get().decided().minimalCompletionStage();
  }

  /** Whether an older question about the same call answers this one. */
  private boolean stands(Question question, Situation situation) {
    return question.askedUnder(situation)
        && switch (question.request().state()) {
          case PENDING, APPROVED -> !question.overAt(situation.at());
          case DENIED -> situation.at().isBefore(question.deniedAt().plus(limits.denialStands()));
          case CONSUMED, EXPIRED -> false;
        };
  }
}
