package dev.gatehouse.policy.stop;

import dev.gatehouse.core.call.GovernedCall;
import dev.gatehouse.core.decision.DriftModel.Finding;
import dev.gatehouse.core.registry.AgentId;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Alerts of drift that suspends nobody: a row and a line in the log, once a minute for each agent
 * and rule. Each call's own row names its deviation in any case. Thread-safe.
 */
final class DriftAlerts {

  static final Duration QUIET = Duration.ofMinutes(1);

  /** So many agents and rules are remembered; of who is forgotten there may be one alert more. */
  static final int REMEMBERED_MAX = 10_000;

  private static final Logger LOG = LoggerFactory.getLogger(DriftAlerts.class);

  private final StopRows rows;
  private final InstantSource clock;
  private final Map<Cause, Instant> last =
      new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Cause, Instant> eldest) {
          return size() > REMEMBERED_MAX;
        }
      };

  private record Cause(AgentId agent, String rule) {}

  DriftAlerts(StopRows rows, InstantSource clock) {
    this.rows = rows;
    this.clock = clock;
  }

  void alert(GovernedCall call, Finding drift) {
    AgentId agent = call.principal().agent();
    if (!isDue(new Cause(agent, drift.reason().rule()), clock.instant())) {
      return;
    }
    LOG.warn("agent {} drifts: {}", agent, drift.reason().message());
    var _ =
        rows.driftAlert(call, drift)
            .whenComplete(
                (_, failure) -> {
                  if (failure != null) {
                    LOG.error("an alert of drift could not be recorded", failure);
                  }
                });
  }

  private synchronized boolean isDue(Cause cause, Instant now) {
    Instant before = last.get(cause);
    if (before != null && now.isBefore(before.plus(QUIET))) {
      return false;
    }
    last.put(cause, now);
    return true;
  }
}
