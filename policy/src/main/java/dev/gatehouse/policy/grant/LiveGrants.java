package dev.gatehouse.policy.grant;

import dev.gatehouse.core.approval.ApprovalRequest;
import dev.gatehouse.core.approval.Grant;
import dev.gatehouse.core.approval.GrantTerms;
import dev.gatehouse.core.approval.Grants;
import dev.gatehouse.core.audit.AuditLog;
import dev.gatehouse.core.audit.AuditReceipt;
import dev.gatehouse.core.audit.AuditRow;
import dev.gatehouse.core.registry.AgentId;
import dev.gatehouse.policy.ranges.Ranges;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The grants of one process, kept for the next one.
 *
 * <p>A grant is in force when it is on record and kept, and not before. It is out of force at once,
 * row or no row: when {@link #sweep} finds that its time is over or its ground gone, and when an
 * operator revokes it. What a call is decided by is looked at again for each call, so that nothing
 * hangs on the sweep but the row.
 */
public final class LiveGrants implements Grants, AutoCloseable {

  /** Longest reason of a revocation. */
  static final int REASON_LENGTH_MAX = 2_000;

  private static final Logger LOG = LoggerFactory.getLogger(LiveGrants.class);

  private final AuditLog audit;
  private final InstantSource clock;
  private final GrantKeeper keeper;
  private final GrantGround ground;
  private final GrantBook book;
  private final ExecutorService disk =
      Executors.newSingleThreadExecutor(
          Thread.ofPlatform().daemon().name("gatehouse-grants").factory());

  /** Takes up what was kept; {@link #sweep} then ends what stands on nothing any more. */
  public LiveGrants(AuditLog audit, InstantSource clock, GrantKeeper keeper, GrantGround ground) {
    this.audit = audit;
    this.clock = clock;
    this.keeper = keeper;
    this.ground = ground;
    this.book = new GrantBook(keeper.kept());
  }

  /** Those that count for a call of that agent, when it is judged by these. */
  public List<Grant> inForce(AgentId agent, GrantTerms terms, Instant at) {
    List<Grant> all = book.of(agent);
    return all.isEmpty()
        ? all
        : all.stream()
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
            approved.id(), approved.callId(), approved.decidedBy(), asked.why(), terms));
  }

  private CompletionStage<Void> entered(Grant grant) {
    return onDisk(
            () -> {
              List<Grant> all = new ArrayList<>(book.open());
              all.add(grant);
              keeper.keep(all);
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
    return grant;
  }

  @Override
  public List<Grant> open() {
    sweep();
    return book.open();
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
    book.open().forEach(grant -> note(end(grant, GrantEnd.revoked(by, reason))));
  }

  /** Ends those whose time is over or whose ground is gone. */
  public void sweep() {
    Instant now = now();
    for (Grant grant : book.open()) {
      over(grant, now).ifPresent(end -> note(end(grant, end)));
    }
  }

  private Optional<GrantEnd> over(Grant grant, Instant now) {
    if (!now.isBefore(grant.expiresAt())) {
      return Optional.of(GrantEnd.EXPIRED);
    }
    if (ground.stopped(grant.scope())) {
      return Optional.of(GrantEnd.SUSPENDED);
    }
    Optional<GrantTerms> terms = ground.terms(grant.scope().agent());
    if (terms.isEmpty()) {
      return Optional.of(GrantEnd.DECOMMISSIONED);
    }
    return terms.get().equals(grant.origin().terms())
        ? Optional.empty()
        : Optional.of(GrantEnd.SUPERSEDED);
  }

  /** The time in its row is not before it left: no call that it opened is younger. */
  private CompletionStage<Boolean> end(Grant grant, GrantEnd how) {
    if (!book.leave(grant)) {
      return CompletableFuture.completedStage(false);
    }
    CompletionStage<?> kept = onDisk(() -> keeper.keep(book.open()));
    return append(GrantRows.ended(grant, how, now())).thenCombine(kept, (_, _) -> true);
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

  private interface DiskStep {
    void run() throws IOException;
  }

  /** One after the other, so that what is kept is never older than what was kept before. */
  private CompletionStage<Void> onDisk(DiskStep step) {
    try {
      return CompletableFuture.runAsync(() -> run(step), disk);
    } catch (RejectedExecutionException e) { // it is closed
      return CompletableFuture.failedStage(e);
    }
  }

  private static void run(DiskStep step) {
    try {
      step.run();
    } catch (IOException e) {
      throw new UncheckedIOException("open grants cannot be kept over a restart", e);
    }
  }

  private Instant now() {
    return clock.instant().truncatedTo(ChronoUnit.MILLIS);
  }

  /** Ends the thread, after what it has begun; grants stay kept. */
  @Override
  public void close() {
    disk.close();
  }
}
