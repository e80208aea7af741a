package dev.gatehouse.policy.approval;

import dev.gatehouse.core.approval.ApprovalRequest.State;
import dev.gatehouse.core.audit.AuditLog;
import dev.gatehouse.core.decision.Situation;
import dev.gatehouse.core.json.Digest;
import java.time.Instant;
import java.time.InstantSource;

/**
 * How questions end that nobody answers, and answers that nobody uses: when their time is over, and
 * when other policies or risk tables are in force than they were asked under. An end holds at once,
 * row or no row. Thread-safe; not to be called under the book's monitor, since ending a question
 * tells those who wait for it.
 */
final class QuestionEnds {

  private static final String SILENCE = "nobody answered in time";
  private static final String UNUSED = "not used in time";
  private static final String OTHER_RULES = "the policies or risk tables changed";

  private final QuestionBook book;
  private final ApprovalKeeper keeper;
  private final AuditLog audit;
  private final InstantSource clock;

  QuestionEnds(QuestionBook book, ApprovalKeeper keeper, AuditLog audit, InstantSource clock) {
    this.book = book;
    this.keeper = keeper;
    this.audit = audit;
    this.clock = clock;
  }

  /** Ends those whose time is over. */
  void sweep() {
    Instant now = clock.instant();
    for (Question question : book.open()) {
      expiredBy(question, now);
    }
  }

  /** Whether it expired, which it does when its time is over. */
  boolean expired(Question question) {
    return expiredBy(question, clock.instant());
  }

  boolean expiredBy(Question question, Instant now) {
    State state = question.request().state();
    if (!state.isFinal() && question.overAt(now)) {
      end(question, state == State.PENDING ? SILENCE : UNUSED);
    }
    return question.request().state() == State.EXPIRED;
  }

  /** Ends those that were asked under other policies or risk tables. */
  void voidOthers(Digest policies, Digest risk) {
    for (Question question : book.open()) {
      if (!question.askedUnder(policies, risk)) {
        end(question, OTHER_RULES);
      }
    }
  }

  /** Ends it when it says nothing any more about a call in that situation. */
  void endIfStale(Question question, Situation situation) {
    if (!expiredBy(question, situation.at()) && !question.askedUnder(situation)) {
      end(question, OTHER_RULES);
    }
  }

  void end(Question question, String reason) {
    question
        .expire(reason)
        .ifPresent(
            expired -> {
              book.retire(question);
              keeper.keep(question);
              ApprovalRows.note(audit, ApprovalRows.expired(expired, clock.instant()));
              question.decided().complete(expired);
            });
  }
}
