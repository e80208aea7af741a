package dev.gatehouse.connectors.rpc;

import java.util.Collection;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * The requests of one session that are not settled: those that wait for an answer, and those whose
 * answer is a stream of news. Thread-safe.
 */
final class PendingCalls {

  private final AtomicLong ids = new AtomicLong();
  private final Map<Long, PendingCall> waiting = new ConcurrentHashMap<>();
  private final Map<Long, PendingCall> streams = new ConcurrentHashMap<>();
  private final CompletableFuture<Void> drained = new CompletableFuture<>();
  private volatile boolean draining;

  /** An id that no other request of the session has. */
  long nextId() {
    return ids.incrementAndGet();
  }

  /** Keeps a request that waits for an answer, until it is settled. */
  void add(PendingCall call) {
    waiting.put(call.id(), call);
    call.reply()
        .whenComplete(
            (_, _) -> {
              waiting.remove(call.id());
              noteDrained();
            });
  }

  /** Keeps a request whose answer is a stream, until it is settled. */
  void addStream(PendingCall call) {
    streams.put(call.id(), call);
    call.reply().whenComplete((_, _) -> streams.remove(call.id()));
  }

  /** The requests that wait for an answer. */
  Collection<PendingCall> waiting() {
    return waiting.values();
  }

  /** The open streams. */
  Collection<PendingCall> streams() {
    return streams.values();
  }

  /** The request of that id that waits for an answer. */
  @Nullable PendingCall waiting(@Nullable Object id) {
    return waiting.get(number(id));
  }

  /** The open stream that the request of that id opened. */
  @Nullable PendingCall stream(@Nullable Object id) {
    return streams.get(number(id));
  }

  /** The request of that id, whatever it is for. */
  @Nullable PendingCall find(@Nullable Object id) {
    PendingCall call = waiting(id);
    return call == null ? stream(id) : call;
  }

  /** Completes when no request waits any more; none may be added from now on. */
  CompletionStage<Void> drained() {
    draining = true;
    noteDrained();
    return drained;
  }

  private void noteDrained() {
    if (draining && waiting.isEmpty()) {
      drained.complete(null);
    }
  }

  /** An id or a code as JSON has it; none has -1. */
  static long number(@Nullable Object value) {
    return switch (value) {
      case Integer number -> number;
      case Long number -> number;
      case null, default -> -1;
    };
  }
}
