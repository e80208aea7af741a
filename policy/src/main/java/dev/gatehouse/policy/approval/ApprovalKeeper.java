package dev.gatehouse.policy.approval;

import dev.gatehouse.core.approval.ApprovalId;
import dev.gatehouse.core.approval.ApprovalNotOpenedException;
import dev.gatehouse.core.approval.ApprovalRequest;
import dev.gatehouse.core.decision.Reason;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Writes changed questions to their store, behind the calls that change them. Thread-safe; only its
 * own thread blocks.
 *
 * <p>A question is written as it stands when it is written, and not as it stood when somebody said
 * that it changed: who says so late must not bring a used approval back. What could not be written
 * is tried again with the next change, or when somebody asks whether all is {@link #settled}.
 */
public final class ApprovalKeeper implements AutoCloseable {

  /** Most changed questions that wait for a store that takes none; then nobody is asked anew. */
  static final int BACKLOG_MAX = 10_000;

  private static final Duration CLOSE_MAX = Duration.ofSeconds(10);

  private final Optional<ApprovalStore> store;
  private final ExecutorService thread =
      Executors.newSingleThreadExecutor(
          Thread.ofPlatform().daemon().name("gatehouse-approval-store").factory());
  private final Map<ApprovalId, Supplier<ApprovalRequest>> changed = new LinkedHashMap<>();
  private CompletableFuture<Void> next = new CompletableFuture<>();
  private CompletableFuture<Void> running = CompletableFuture.completedFuture(null);
  private boolean scheduled;

  private ApprovalKeeper(Optional<ApprovalStore> store) {
    this.store = store;
  }

  /** Keeps questions in that store, which it closes in the end. */
  public static ApprovalKeeper in(ApprovalStore store) {
    return new ApprovalKeeper(Optional.of(store));
  }

  /** Keeps nothing: what is open is lost with the process, and lost means declined. */
  public static ApprovalKeeper forgetful() {
    return new ApprovalKeeper(Optional.empty());
  }

  /** What the process before this one left open. Blocks. */
  public List<ApprovalRequest> open() {
    return store.map(ApprovalStore::open).orElse(List.of());
  }

  /**
   * Whether one more question can be kept.
   *
   * @throws ApprovalNotOpenedException when it cannot
   */
  synchronized void checkRoom() {
    if (changed.size() >= BACKLOG_MAX) {
      throw new ApprovalNotOpenedException(
          new Reason(
              "approvals.not_kept",
              "at most "
                  + BACKLOG_MAX
                  + " changed approvals may wait for their store, as many do; it takes none"));
    }
  }

  /** Has the question written as it then stands. */
  void keep(Question question) {
    keep(question.request().id(), question::request);
  }

  synchronized void keep(ApprovalId id, Supplier<ApprovalRequest> question) {
    if (store.isPresent()) {
      changed.put(id, question);
      schedule();
    }
  }

  /** Completes when all that changed so far is durable; fails when it could not be written. */
  synchronized CompletionStage<Void> settled() {
    if (changed.isEmpty()) {
      return running.minimalCompletionStage();
    }
    schedule();
    return next.minimalCompletionStage();
  }

  private void schedule() {
    if (!scheduled && !thread.isShutdown()) {
      scheduled = true;
      thread.execute(this::write);
    }
  }

  private void write() {
    Map<ApprovalId, Supplier<ApprovalRequest>> batch;
    CompletableFuture<Void> promise;
    synchronized (this) {
      scheduled = false;
      batch = new LinkedHashMap<>(changed);
      changed.clear();
      promise = next;
      running = promise;
      next = new CompletableFuture<>();
    }
    try {
      store.orElseThrow().write(batch.values().stream().map(Supplier::get).toList());
      promise.complete(null);
    } catch (RuntimeException e) {
      putBack(batch);
      promise.completeExceptionally(e);
    }
  }

  private synchronized void putBack(Map<ApprovalId, Supplier<ApprovalRequest>> batch) {
    batch.forEach(changed::putIfAbsent);
  }

  /** Writes what waits, and ends thread and store. */
  @Override
  public void close() {
    thread.shutdown();
    try {
      if (!thread.awaitTermination(CLOSE_MAX.toMillis(), TimeUnit.MILLISECONDS)) {
        thread.shutdownNow();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    store.ifPresent(ApprovalStore::close);
  }
}
