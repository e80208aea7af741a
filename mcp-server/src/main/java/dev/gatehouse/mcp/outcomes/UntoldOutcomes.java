package dev.gatehouse.mcp.outcomes;

import dev.gatehouse.core.approval.CallBinding;
import dev.gatehouse.core.call.CallId;
import dev.gatehouse.core.gate.ExecutionGrant;
import dev.gatehouse.core.registry.AgentId;
import dev.gatehouse.mcp.config.McpConfig;
import dev.gatehouse.mcp.config.McpOutcomes;
import dev.gatehouse.mcp.http.Timers;
import dev.gatehouse.mcp.replies.CallReply;
import dev.gatehouse.mcp.requests.Delivery;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * Outcomes of approved calls that reached no client, each kept for a while for an identical call of
 * the same agent. Bounded per agent. Thread-safe.
 */
public final class UntoldOutcomes {

  private final Supplier<McpConfig> config;
  private final InstantSource clock;
  private final Timers timers;
  private final Map<AgentId, LinkedHashMap<CallBinding, Untold>> agents = new HashMap<>();

  public UntoldOutcomes(Supplier<McpConfig> config, InstantSource clock, Timers timers) {
    this.config = config;
    this.clock = clock;
    this.timers = timers;
  }

  /** The outcome of that grant's call, not kept yet. */
  Untold of(ExecutionGrant grant, CallReply reply) {
    return Untold.of(grant, reply, clock.instant().plus(config.get().outcomes().outcomeHold()));
  }

  /** Keeps an outcome until its time is over or somebody takes it. */
  public synchronized void keep(Untold outcome) {
    Instant now = clock.instant();
    if (!now.isBefore(outcome.until())) {
      return;
    }
    McpOutcomes limits = config.get().outcomes();
    AgentId agent = outcome.binding().agent();
    LinkedHashMap<CallBinding, Untold> own =
        agents.computeIfAbsent(agent, _ -> new LinkedHashMap<>());
    own.remove(outcome.binding());
    while (own.size() >= limits.outcomesPerAgentMax()) {
      own.pollFirstEntry();
    }
    long bytes = own.values().stream().mapToLong(Untold::bytes).sum() + outcome.bytes();
    int bytesMax = limits.outcomeBytesPerAgentMax();
    own.put(outcome.binding(), bytes <= bytesMax ? outcome : outcome.inWords(bytesMax));
    CallBinding binding = outcome.binding();
    CallId call = outcome.call().id(); // the timer must not hold the outcome itself
    var _ = timers.after(Duration.between(now, outcome.until()), () -> forget(binding, call));
  }

  /** Takes the outcome that is kept for such calls; it is not given to anybody else. */
  public Optional<Untold> take(CallBinding binding) {
    return take(binding, _ -> true);
  }

  /** Takes it if it is as wanted. */
  public synchronized Optional<Untold> take(CallBinding binding, Predicate<Untold> wanted) {
    LinkedHashMap<CallBinding, Untold> own = agents.get(binding.agent());
    Untold kept = own == null ? null : own.get(binding);
    if (kept == null || !wanted.test(kept)) {
      return Optional.empty();
    }
    forget(binding, kept.call().id());
    return Optional.of(kept).filter(outcome -> clock.instant().isBefore(outcome.until()));
  }

  /** What becomes of an outcome that is told: it is kept again when it does not arrive. */
  public Delivery deliveryOf(Untold taken) {
    return new Delivery() {
      @Override
      public void delivered() {
        forget(taken.binding(), taken.call().id());
      }

      @Override
      public void lost() {
        keep(taken);
      }
    };
  }

  /** Forgets the outcome of that call, if it is kept. */
  synchronized void forget(CallBinding binding, CallId call) {
    LinkedHashMap<CallBinding, Untold> own = agents.get(binding.agent());
    Untold kept = own == null ? null : own.get(binding);
    if (own != null && kept != null && kept.call().id().equals(call)) {
      own.remove(binding);
      if (own.isEmpty()) {
        agents.remove(binding.agent());
      }
    }
  }
}
