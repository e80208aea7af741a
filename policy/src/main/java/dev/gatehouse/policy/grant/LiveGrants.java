package dev.gatehouse.policy.grant;

import dev.gatehouse.core.approval.ApprovalRequest;
import dev.gatehouse.core.approval.Grant;
import dev.gatehouse.core.approval.GrantTerms;
import dev.gatehouse.core.approval.Grants;
import dev.gatehouse.core.audit.AuditLog;
import dev.gatehouse.core.audit.AuditReceipt;
import dev.gatehouse.core.audit.AuditRow;
import dev.gatehouse.core.fleet.NoteCarrier;
import dev.gatehouse.core.registry.AgentId;
import dev.gatehouse.policy.ranges.Ranges;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The grants of one process, kept for the next one, and those that other nodes of its fleet opened.
 *
 * <p>A grant is in force when it is on record and kept, and not before. It is out of force at once,
 * row or no row: when {@link #sweep} finds that its time is over or its ground gone, and when an
 * operator revokes it, here or at another node. What a call is decided by is looked at again for
 * each call, so that nothing hangs on the sweep but the row.
 *
 * <p>A grant of another node counts only while the fleet answers: what cannot be heard to have
 * ended is not taken for open longer than {@link #LEASE}.
 */
public final class LiveGrants implements Grants, AutoCloseable {

  /** How old the last whole answer of the fleet may be for another node's grant to count. */
  static final Duration LEASE = Duration.ofSeconds(2);

  /** Longest reason of a revocation. */
  static final int REASON_LENGTH_MAX = 2_000;

  private static final Logger LOG = LoggerFactory.getLogger(LiveGrants.class);

  private final AuditLog audit;
  private final InstantSource clock;
  private final GrantKeeper keeper;
  private final GrantGround ground;
  private final GrantBook book;
  private final GrantDisk disk = new GrantDisk();
  private volatile NoteCarrier carrier = NoteCarrier.alone("local");

  /** Takes up what was kept; {@link #sweep} then ends what stands on nothing any more. */
  public LiveGrants(AuditLog audit, InstantSource clock, GrantKeeper keeper, GrantGround ground) {
    this.audit = audit;
    this.clock = clock;
    this.keeper = keeper;
    this.ground = ground;
    this.book = new GrantBook(keeper.kept());
  }

  /**
   * From now on what is opened and ended here is told to the fleet, and heard from it; once.
   *
   * @param accepts whether what other nodes open counts here
   */
  public void share(NoteCarrier fleet, boolean accepts) {
    carrier = fleet;
    fleet.carry(new ArrivedGrants(this, book, accepts));
  }

  /** Those that count for a call of that agent, when it is judged by these. */
  public List<Grant> inForce(AgentId agent, GrantTerms terms, Instant at) {
    List<Grant> own = book.of(agent);
    List<Grant> arrived = book.arrivedOf(agent);
    if (own.isEmpty() && arrived.isEmpty()) {
      return own;
    }
    boolean answered = !arrived.isEmpty() && carrier.silence().compareTo(LEASE) <= 0;
    return Stream.concat(own.stream(), answered ? arrived.stream() : Stream.empty())
        .filter(grant -> at.isBefore(grant.expiresAt()))
        .filter(grant -> grant.origin().terms().equals(terms))
        .toList();
  }

  /**
   * Opens what was approved, from now on. Completes when it is in force; fails with {@link
   * GrantNotOpenedException} when it may not be opened, and otherwise when it cannot be recorded or
   * kept.
   *
   * @param approved the question that people said yes to; it opens one grant
   */
  CompletionStage<Grant> open(GrantAsk.Scoped asked, ApprovalRequest approved, int maxPerAgent) {
    Grant grant = grant(asked, approved);
    book.begin(grant, maxPerAgent);
    return append(GrantRows.opened(grant))
        .thenCompose(_ -> entered(grant))
        .whenComplete((_, _) -> book.giveUp(grant))
        .thenApply(_ -> standing(grant));
  }

  private Grant grant(GrantAsk.Scoped asked, ApprovalRequest approved) {
    Instant now = now();
    GrantTerms terms =
        ground
            .terms(asked.scope().agent())
            .orElseThrow(() -> new GrantNotOpenedException("its agent is not registered any more"));
    return new Grant(
        approved.id().value().replaceFirst("^apr_", "grn_"),
        asked.scope(),
        now,
        now.plus(asked.ttl()),
        new Grant.Origin(
            approved.id(),
            approved.callId(),
            approved.decidedBy(),
            asked.why(),
            terms,
            carrier.node()));
  }

  private CompletionStage<Void> entered(Grant grant) {
    return disk.then(
            () -> {
              keeper.keep(book.keptWith(grant));
              book.enter(grant);
            })
        .whenComplete(
            (_, failure) -> {
              if (failure != null) {
                note(append(GrantRows.ended(grant, GrantEnd.NOT_KEPT, now())));
              }
            });
  }

  /** What a stop that came meanwhile did not find yet, this finds. */
  private Grant standing(Grant grant) {
    Optional<GrantEnd> over = over(grant, now());
    if (over.isPresent()) {
      note(end(grant, over.get()));
      throw new GrantNotOpenedException(
          "the grant ended as it was opened (" + over.get().why() + ")");
    }
    carrier.changed();
    return grant;
  }

  @Override
  public List<Grant> open() {
    sweep();
    Instant now = now();
    return book.all().stream().filter(grant -> now.isBefore(grant.expiresAt())).toList();
  }

  @Override
  public CompletionStage<Boolean> revoke(String id, String reason, String by) {
    if (reason.isBlank()) {
      throw new IllegalArgumentException("revoking a grant needs a reason");
    }
    Ranges.check("the length of a reason", reason.length(), 1, REASON_LENGTH_MAX);
    sweep();
    return book.find(id)
        .map(grant -> end(grant, GrantEnd.revoked(by, reason)))
        .orElseGet(() -> CompletableFuture.completedStage(false));
  }

  /** Ends all of them, for that reason. */
  public void revokeAll(String reason, String by) {
    book.all().forEach(grant -> note(end(grant, GrantEnd.revoked(by, reason))));
  }

  /** Ends those whose time is over or whose ground is gone. */
  public void sweep() {
    Instant now = now();
    for (Grant grant : book.all()) {
      over(grant, now).ifPresent(end -> note(end(grant, end)));
    }
    book.forgetEnded(now);
  }

  private Optional<GrantEnd> over(Grant grant, Instant now) {
    boolean own = book.isOwn(grant.id());
    if (own ? !now.isBefore(grant.expiresAt()) : expiredEverywhere(grant)) {
      return Optional.of(GrantEnd.EXPIRED);
    }
    if (ground.stopped(grant.scope())) {
      return Optional.of(GrantEnd.SUSPENDED);
    }
    return own ? ungrounded(grant) : decommissioned(grant);
  }

  private Optional<GrantEnd> ungrounded(Grant grant) {
    Optional<GrantTerms> terms = ground.terms(grant.scope().agent());
    if (terms.isEmpty()) {
      return Optional.of(GrantEnd.DECOMMISSIONED);
    }
    return terms.get().equals(grant.origin().terms())
        ? Optional.empty()
        : Optional.of(GrantEnd.SUPERSEDED);
  }

  /**
   * What another node opened under other terms than are in force here does not count here; whether
   * it has ended is for that node to say, which may only be ahead with a new config.
   */
  private Optional<GrantEnd> decommissioned(Grant grant) {
    return ground.decommissioned(grant.scope().agent())
        ? Optional.of(GrantEnd.DECOMMISSIONED)
        : Optional.empty();
  }

  /** The time in its row is not before it left: no call that it opened is younger. */
  private CompletionStage<Boolean> end(Grant grant, GrantEnd how) {
    EndedGrant ended = EndedGrant.of(grant, how, now(), carrier.node());
    if (!book.leave(grant, ended)) {
      return CompletableFuture.completedStage(false);
    }
    carrier.changed();
    return left(GrantRows.ended(grant, how, now()));
  }

  private CompletionStage<Boolean> left(AuditRow row) {
    CompletionStage<?> kept = disk.then(() -> keeper.keep(book.kept()));
    return append(row).thenCombine(kept, (_, _) -> true);
  }

  // --- of other nodes ----------------------------------------------------------------------------

  /** Whether it has expired by any clock of the fleet. */
  boolean expiredEverywhere(Grant grant) {
    return !now().isBefore(grant.expiresAt().plus(EndedGrant.CLOCKS_APART));
  }

  /** Has the fleet forget one that expired, and whose own node is there no more to say so. */
  void forgetEverywhere(Grant grant) {
    if (book.remember(EndedGrant.of(grant, GrantEnd.EXPIRED, now(), carrier.node()))) {
      carrier.changed();
    }
  }

  /** Puts what another node opened in force, once that is on record here. */
  CompletionStage<Void> arrived(Grant grant) {
    return append(GrantRows.arrived(grant))
        .thenAccept(
            _ -> {
              if (!book.arrive(grant)) {
                note(append(GrantRows.ended(grant, GrantEnd.ELSEWHERE, now())));
              }
            });
  }

  /** Ends what ended at another node. */
  void endedElsewhere(Grant grant, EndedGrant ended) {
    if (book.leave(grant, ended)) {
      note(left(GrantRows.endedElsewhere(grant, ended, now())));
    }
  }

  private static void note(CompletionStage<?> ended) {
    ended.whenComplete(
        (_, failure) -> {
          if (failure != null) {
            LOG.error("a grant ended, but that could not be recorded or kept", failure);
          }
        });
  }

  private CompletionStage<AuditReceipt> append(AuditRow row) {
    try {
      return audit.append(row);
    } catch (RuntimeException e) { // one that ends, ends all the same
      return CompletableFuture.failedStage(e);
    }
  }

  Instant now() {
    return clock.instant().truncatedTo(ChronoUnit.MILLIS);
  }

  /** Ends the thread, after what it has begun; grants stay kept. */
  @Override
  public void close() {
    disk.close();
  }
}
