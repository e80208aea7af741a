package dev.gatehouse.mcp.outcomes;

import dev.gatehouse.core.approval.CallBinding;
import dev.gatehouse.core.gate.ExecutionGrant;
import dev.gatehouse.mcp.replies.CallReply;
import dev.gatehouse.mcp.requests.Delivery;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Identical calls that wait for the same answer of a person, or for the call that it opened: one of
 * them is carried out, and all get its reply. Thread-safe; remembers no call that is answered; an
 * outcome that reached none of them is kept among the untold ones.
 */
public final class ApprovedCalls {

  private final ConcurrentMap<CallBinding, Shared> waiting = new ConcurrentHashMap<>();
  private final UntoldOutcomes untold;

  public ApprovedCalls(UntoldOutcomes untold) {
    this.untold = untold;
  }

  /** The outcomes that reached no client. */
  public UntoldOutcomes untold() {
    return untold;
  }

  /** Joins those who wait for that call. */
  public Shared join(CallBinding binding) {
    return waiting.compute(
        binding,
        (_, present) -> {
          Shared shared = present == null ? new Shared(binding) : present;
          shared.members++;
          return shared;
        });
  }

  /** Joins those who wait for that call if it is being carried out already. */
  public Optional<Shared> joinRunning(CallBinding binding) {
    boolean[] joined = {false};
    Shared shared =
        waiting.computeIfPresent(
            binding,
            (_, present) -> {
              if (present.claimed.get()) {
                present.members++;
                joined[0] = true;
              }
              return present;
            });
    return joined[0] ? Optional.ofNullable(shared) : Optional.empty();
  }

  /** How many different calls are waited for. */
  int size() {
    return waiting.size();
  }

  /** One execution for all its members. */
  public final class Shared implements Delivery {

    private final CallBinding binding;
    private final AtomicBoolean claimed = new AtomicBoolean();
    private final CompletableFuture<CallReply> reply = new CompletableFuture<>();
    private final CompletableFuture<String> abandoned = new CompletableFuture<>();
    private int members; // guarded by the map's compute
    private @Nullable Supplier<Untold> outcome; // guarded by this, like the rest
    private @Nullable Untold kept;
    private boolean told;

    private Shared(CallBinding binding) {
      this.binding = binding;
    }

    /** True for the one member that is to carry the call out. */
    public boolean claim() {
      return claimed.compareAndSet(false, true);
    }

    /** The reply for all members. */
    CompletionStage<CallReply> reply() {
      return reply;
    }

    /** The call was carried out: like {@link #complete}, and kept if it reaches no client. */
    public void settled(ExecutionGrant grant, CallReply result) {
      settled(result, () -> untold.of(grant, result));
    }

    /**
     * Gives all members a reply that is kept if it reaches none of them.
     *
     * @param outcome what is kept then
     */
    public void settled(CallReply result, Supplier<Untold> outcome) {
      synchronized (this) {
        this.outcome = outcome;
      }
      complete(result);
    }

    @Override
    public synchronized void delivered() {
      told = true;
      if (kept != null) {
        untold.forget(binding, kept.call().id());
        kept = null;
      }
    }

    @Override
    public synchronized void lost() {
      if (!told && kept == null && outcome != null) {
        kept = outcome.get();
        untold.keep(kept);
      }
    }

    /** Gives all members their reply; who comes later is no member. */
    public void complete(CallReply result) {
      waiting.remove(binding, this);
      reply.complete(result);
    }

    /** Completes when every member left because it was cancelled. */
    public CompletionStage<String> abandoned() {
      return abandoned;
    }

    /** Leaves; true for the last member. A call that is being carried out can be joined again. */
    public boolean leave() {
      boolean[] last = {false};
      var _ =
          waiting.computeIfPresent(
              binding,
              (_, present) -> {
                if (!present.equals(this)) {
                  return present;
                }
                last[0] = --members == 0;
                return last[0] && !claimed.get() ? null : present;
              });
      return last[0];
    }

    /** Leaves because the caller cancelled; true when that cancels a running execution. */
    boolean abandon(String reason) {
      return leave() && claimed.get() && abandoned.complete(reason);
    }
  }
}
