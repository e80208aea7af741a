package dev.gatehouse.policy.stop;

import dev.gatehouse.core.call.GovernedCall;
import dev.gatehouse.core.decision.Decision;
import dev.gatehouse.core.decision.Decision.Deny;
import dev.gatehouse.core.decision.Reason;
import dev.gatehouse.core.decision.Ruling;
import dev.gatehouse.core.registry.AgentId;
import dev.gatehouse.core.stop.StopScope.OneAgent;
import dev.gatehouse.core.stop.Suspensions;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Suspensions as stops of one agent, ordered by the gateway: they go the way of every stop, over a
 * restart and over the fleet, and hold before anything is written.
 */
final class DriftSuspensions implements Suspensions {

  /** Who orders them. */
  static final String BY = "gatehouse:drift";

  private static final Logger LOG = LoggerFactory.getLogger(DriftSuspensions.class);

  /** A step that failed refuses the call, and says nothing about the agent. */
  private static final String FAILED = "drift.failed";

  private final LiveKillSwitch killSwitch;
  private final HeldStops held;
  private final StopRows rows;

  DriftSuspensions(LiveKillSwitch killSwitch, HeldStops held, StopRows rows) {
    this.killSwitch = killSwitch;
    this.held = held;
    this.rows = rows;
  }

  /** Suspends the agent of a call that was denied because it drifts. */
  void decided(GovernedCall call, Ruling ruling) {
    AgentId agent = call.principal().agent();
    Optional<Reason> drift = drift(ruling);
    if (drift.isEmpty() || isSuspended(agent)) {
      return;
    }
    LOG.warn("agent {} is suspended: {}", agent, drift.get().message());
    note(rows.drifted(call, drift.get()));
    note(killSwitch.suspend(new OneAgent(agent), drift.get().message(), BY).durable());
  }

  private static Optional<Reason> drift(Ruling ruling) {
    return ruling.findings().stream()
        .filter(Deny.class::isInstance)
        .map(Decision::reason)
        .filter(reason -> reason.rule().startsWith("drift.") && !reason.rule().equals(FAILED))
        .findFirst();
  }

  private static void note(CompletionStage<?> written) {
    written.whenComplete(
        (_, failure) -> {
          if (failure != null) {
            LOG.error("a suspension holds, but could not be recorded", failure);
          }
        });
  }

  @Override
  public boolean isSuspended(AgentId agent) {
    return !orders(agent).isEmpty();
  }

  private List<StopOrder> orders(AgentId agent) {
    return held.now().of(new OneAgent(agent)).stream()
        .filter(order -> order.stop().by().equals(BY))
        .toList();
  }

  @Override
  public CompletionStage<Boolean> reactivate(AgentId agent, String reason, String by) {
    return killSwitch.lift(orders(agent), reason, by);
  }
}
