package dev.gatehouse.policy.stop;

import dev.gatehouse.core.call.GovernedCall;
import dev.gatehouse.core.decision.DriftModel.Finding;
import dev.gatehouse.core.registry.AgentId;
import dev.gatehouse.core.stop.StopScope.OneAgent;
import dev.gatehouse.core.stop.Suspensions;
import java.util.List;
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

  private final LiveKillSwitch killSwitch;
  private final HeldStops held;
  private final StopRows rows;

  DriftSuspensions(LiveKillSwitch killSwitch, HeldStops held, StopRows rows) {
    this.killSwitch = killSwitch;
    this.held = held;
    this.rows = rows;
  }

  /** Suspends the agent of that call for the first of those deviations; once. */
  void suspend(GovernedCall call, List<Finding> drift) {
    AgentId agent = call.principal().agent();
    if (isSuspended(agent)) {
      return;
    }
    String why = drift.getFirst().reason().message();
    LOG.warn("agent {} is suspended: {}", agent, why);
    note(rows.drifted(call, drift));
    note(killSwitch.suspend(new OneAgent(agent), why, BY).durable());
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
