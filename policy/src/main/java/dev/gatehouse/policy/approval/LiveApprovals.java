package dev.gatehouse.policy.approval;

import dev.gatehouse.core.approval.ApprovalId;
import dev.gatehouse.core.approval.ApprovalRelease;
import dev.gatehouse.core.approval.ApprovalRequest;
import dev.gatehouse.core.approval.ApprovalRequest.State;
import dev.gatehouse.core.approval.ApprovalVoidException;
import dev.gatehouse.core.approval.Approvals;
import dev.gatehouse.core.approval.CallBinding;
import dev.gatehouse.core.approval.Review;
import dev.gatehouse.core.approval.StateReader;
import dev.gatehouse.core.audit.AuditLog;
import dev.gatehouse.core.audit.AuditReceipt;
import dev.gatehouse.core.audit.AuditRow;
import dev.gatehouse.core.call.CallId;
import dev.gatehouse.core.call.ContextCall;
import dev.gatehouse.core.call.GovernedCall;
import dev.gatehouse.core.call.ModelCall;
import dev.gatehouse.core.call.ToolCall;
import dev.gatehouse.core.decision.Decision.RequireApproval;
import dev.gatehouse.core.decision.Ruling;
import dev.gatehouse.core.decision.Situation;
import dev.gatehouse.core.json.CanonicalJson;
import dev.gatehouse.core.json.Digest;
import dev.gatehouse.core.registry.Agent;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The approvals of one process: in memory, and kept for the next one ({@link ApprovalKeeper}).
 *
 * <p>A change that gives a right waits for its row: an answer takes effect when it is durable. A
 * change that takes one away does not: an approval expires and is used up at once, row or no row.
 * Time-outs are found by whoever looks at a question, and by {@link #sweep} for those that nobody
 * looks at.
 */
public final class LiveApprovals implements Approvals {

  /** Longest reason of an answer. */
  static final int REASON_LENGTH_MAX = 2_000;

  private static final String SILENCE = "nobody answered in time";
  private static final String UNUSED = "not used in time";

  private final AuditLog audit;
  private final InstantSource clock;
  private final RandomGenerator random;
  private final ApprovalLimits limits;
  private final QuestionBook book;
  private final ApprovalKeeper keeper;
  private final TargetWatch targets;

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
    this.random = random;
    this.limits = limits;
    this.book = new QuestionBook(limits);
    this.keeper = keeper;
    this.targets = new TargetWatch(audit, clock, keeper);
  }

  @Override
  public ApprovalRequest open(
      GovernedCall call, Situation situation, Ruling ruling, RequireApproval demand) {
    CallBinding binding = CallBinding.of(call);
    book.about(binding).ifPresent(question -> endIfStale(question, situation));
    book.about(binding).ifPresent(question -> targets.lookAgain(question, call));
    Question question;
    CompletionStage<AuditReceipt> row;
    synchronized (book) {
      Optional<Question> standing = book.about(binding).filter(q -> stands(q, situation));
      if (standing.isPresent()) {
        return standing.get().request();
      }
      Map<String, Object> arguments = arguments(call);
      int argumentBytes = arguments.isEmpty() ? 0 : CanonicalJson.bytes(arguments).length;
      book.checkRoom(binding.agent(), argumentBytes);
      keeper.checkRoom();
      question =
          new Question(
              request(call, binding, arguments, situation, ruling, demand),
              situation,
              argumentBytes);
      row = audit.append(ApprovalRows.opened(question, situation.at())); // throws: nothing is open
      book.enter(question);
    }
    row.whenComplete(
        (_, failure) -> {
          if (failure == null) {
            keep(question);
            targets.look(question, call);
          } else {
            end(question, "the question could not be recorded");
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
    if (question.isEmpty() || expiredBy(question.get(), now)) {
      return false;
    }
    Optional<ApprovalRequest> used = question.get().use();
    if (used.isEmpty()) {
      return false;
    }
    book.retire(question.get());
    keep(question.get());
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
      Map<String, Object> arguments = request.arguments();
      Question question =
          new Question(
              request,
              request.review().policyDigest().orElse(policies),
              request.review().riskDigest().orElse(risk),
              arguments.isEmpty() ? 0 : CanonicalJson.bytes(arguments).length);
      book.enter(question);
    }
    if (!kept.isEmpty()) {
      recordIfPossible(ApprovalRows.restored(kept.size(), clock.instant()));
    }
    voidOthers(policies, risk);
    sweep();
  }

  /** Ends the questions that were asked under other policies or risk tables. */
  public void voidOthers(Digest policies, Digest risk) {
    for (Question question : book.open()) {
      if (!question.askedUnder(policies, risk)) {
        end(question, "the policies or risk tables changed");
      }
    }
  }

  @Override
  public Optional<ApprovalRequest> find(ApprovalId id) {
    Optional<Question> question = book.find(id);
    question.ifPresent(found -> expiredBy(found, clock.instant()));
    return question.map(Question::request);
  }

  @Override
  public List<ApprovalRequest> pending() {
    sweep();
    return book.open().stream()
        .map(Question::request)
        .filter(request -> request.state() == State.PENDING)
        .toList();
  }

  @Override
  public CompletionStage<VoteResult> vote(ApprovalId id, Vote vote) {
    Optional<Question> found = book.find(id);
    if (found.isEmpty()) {
      return CompletableFuture.completedStage(new VoteResult.Unknown());
    }
    Question question = found.get();
    expiredBy(question, clock.instant());
    Optional<String> objection = objection(question, vote);
    if (objection.isPresent()) {
      return rejected(objection.get());
    }
    if (!question.claim()) {
      return rejected("another answer to approval " + id + " is being recorded");
    }
    // Another answer may have been counted since: only under the claim is the look the last one.
    objection = objection(question, vote);
    if (objection.isPresent()) {
      question.giveUpClaim();
      return rejected(objection.get());
    }
    AuditRow row = ApprovalRows.answered(question.request(), vote, clock.instant());
    try {
      return audit
          .append(row)
          .handle((_, failure) -> settled(question, vote, failure))
          .thenCompose(this::whenKept);
    } catch (RuntimeException e) {
      return CompletableFuture.completedStage(settled(question, vote, e));
    }
  }

  private Optional<String> objection(Question question, Vote vote) {
    return Ballot.objection(question.request(), vote, REASON_LENGTH_MAX, limits.ownerMayApprove());
  }

  /** An answer that is not kept holds all the same, until the process ends. */
  private CompletionStage<VoteResult> whenKept(VoteResult result) {
    return keeper.settled().handle((_, _) -> result);
  }

  private VoteResult settled(Question question, Vote vote, @Nullable Throwable failure) {
    ApprovalId id = question.request().id();
    if (failure != null) {
      question.giveUpClaim();
      return new VoteResult.Rejected(
          "the answer to approval " + id + " could not be recorded: " + failure.getMessage());
    }
    Instant now = clock.instant();
    Optional<ApprovalRequest> answered =
        expiredBy(question, now)
            ? Optional.empty()
            : question.answer(vote.approve(), vote.approver(), vote.reason(), now);
    if (answered.isEmpty()) {
      return new VoteResult.Rejected(
          "approval " + id + " expired while the answer was being recorded");
    }
    keep(question);
    if (answered.get().state() == State.PENDING) {
      question.giveUpClaim();
      return new VoteResult.Counted(answered.get());
    }
    if (answered.get().state().isFinal()) {
      book.retire(question);
    }
    question.decided().complete(answered.get());
    return new VoteResult.Settled(answered.get());
  }

  @Override
  public CompletionStage<ApprovalRequest> decided(ApprovalId id) {
    Optional<Question> question = book.find(id);
    if (question.isEmpty()) {
      return CompletableFuture.failedStage(
          new NoSuchElementException("no approval " + id + " is remembered"));
    }
    expiredBy(question.get(), clock.instant());
    return question.get().decided().minimalCompletionStage();
  }

  /** Ends the questions whose time is over. */
  public void sweep() {
    Instant now = clock.instant();
    for (Question question : book.open()) {
      expiredBy(question, now);
    }
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

  /** Outside the book's monitor, because ending a question tells those who wait for it. */
  private void endIfStale(Question question, Situation situation) {
    if (!expiredBy(question, situation.at()) && !question.askedUnder(situation)) {
      end(question, "the policies or risk tables changed");
    }
  }

  private boolean expiredBy(Question question, Instant now) {
    State state = question.request().state();
    if (!state.isFinal() && question.overAt(now)) {
      end(question, state == State.PENDING ? SILENCE : UNUSED);
    }
    return question.request().state() == State.EXPIRED;
  }

  private void end(Question question, String reason) {
    question
        .expire(reason)
        .ifPresent(
            expired -> {
              book.retire(question);
              keep(question);
              recordIfPossible(ApprovalRows.expired(expired, clock.instant()));
              question.decided().complete(expired);
            });
  }

  private void keep(Question question) {
    keeper.keep(question.request().id(), question::request);
  }

  /** For changes that hold whether or not the log takes their row. */
  private void recordIfPossible(AuditRow row) {
    try {
      audit.append(row);
    } catch (RuntimeException e) {
      // Silence declines even when that cannot be written down; the log reports its own failure.
    }
  }

  private ApprovalRequest request(
      GovernedCall call,
      CallBinding binding,
      Map<String, Object> arguments,
      Situation situation,
      Ruling ruling,
      RequireApproval demand) {
    return new ApprovalRequest(
        ApprovalIds.next(random),
        binding,
        call.id(),
        name(call),
        arguments,
        demand.reason(),
        ruling.risk(),
        demand.approvers(),
        situation.at(),
        situation.at().plus(demand.timeout()),
        State.PENDING,
        "",
        "",
        new Review(
            situation.agent().map(Agent::owner).orElse(""),
            demand.quorum(),
            List.of(),
            call.session(),
            Optional.of(situation.policies().digest()),
            Optional.of(situation.risk().digest()),
            call instanceof ToolCall tool ? tool.reasoning() : "",
            targets.first(call)));
  }

  private static String name(GovernedCall call) {
    return switch (call) {
      case ToolCall tool -> tool.tool().name();
      case ContextCall context -> context.name();
      case ModelCall model -> model.model();
    };
  }

  private static Map<String, Object> arguments(GovernedCall call) {
    return switch (call) {
      case ToolCall tool -> tool.arguments();
      case ContextCall context -> context.params();
      case ModelCall _ -> Map.of();
    };
  }

  private static CompletionStage<VoteResult> rejected(String message) {
    return CompletableFuture.completedStage(new VoteResult.Rejected(message));
  }
}
