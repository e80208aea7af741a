package dev.gatehouse.mcp.operations;

import dev.gatehouse.core.approval.ApprovalId;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Identical calls that wait for the same answer of a person: one of them is carried out, and all
 * get its reply. Thread-safe; remembers nothing once the last one left.
 */
final class ApprovedCalls {

  private final ConcurrentMap<ApprovalId, Shared> waiting = new ConcurrentHashMap<>();

  /** Joins those who wait for that answer. */
  Shared join(ApprovalId id) {
    return waiting.compute(
        id,
        (_, present) -> {
          Shared shared = present == null ? new Shared(id) : present;
          shared.members++;
          return shared;
        });
  }

  /** How many questions are waited for. */
  int size() {
    return waiting.size();
  }

  /** One execution for all its members. */
  final class Shared {

    private final ApprovalId id;
    private final AtomicBoolean claimed = new AtomicBoolean();
    private final CompletableFuture<CallReply> reply = new CompletableFuture<>();
    private final CompletableFuture<String> abandoned = new CompletableFuture<>();
    private int members; // guarded by the map's compute

    private Shared(ApprovalId id) {
      this.id = id;
    }

    /** True for the one member that is to carry the call out. */
    boolean claim() {
      return claimed.compareAndSet(false, true);
    }

    /** The reply for all members. */
    CompletionStage<CallReply> reply() {
      return reply;
    }

    /** Gives all members their reply. */
    void complete(CallReply result) {
      reply.complete(result);
    }

    /** Completes when every member left because it was cancelled. */
    CompletionStage<String> abandoned() {
      return abandoned;
    }

    /** Leaves; true for the last member. */
    boolean leave() {
      return waiting.computeIfPresent(id, (_, shared) -> --shared.members == 0 ? null : shared)
          == null;
    }

    /** Leaves because the caller cancelled; true when that cancels a running execution. */
    boolean abandon(String reason) {
      return leave() && claimed.get() && abandoned.complete(reason);
    }
  }
}
