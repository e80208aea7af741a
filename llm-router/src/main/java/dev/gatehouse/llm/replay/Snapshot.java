package dev.gatehouse.llm.replay;

import dev.gatehouse.llm.failover.Lane;
import dev.gatehouse.llm.failover.LaneStatus;
import dev.gatehouse.llm.failover.LaneStatus.Origin;
import dev.gatehouse.llm.failover.LaneStatus.State;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** The health of lanes as a row shows it. */
final class Snapshot {

  private Snapshot() {}

  static LaneStatus status(Map<String, Object> candidate) {
    return new LaneStatus(
        Values.text(candidate, "provider"),
        Values.text(candidate, "model"),
        State.valueOf(Values.text(candidate, "state").toUpperCase(Locale.ROOT)),
        until(candidate),
        (int) Values.number(candidate, "failures"),
        Origin.valueOf(Values.text(candidate, "origin").toUpperCase(Locale.ROOT)),
        Duration.ofMillis(Values.number(candidate, "age_ms")));
  }

  static Optional<Instant> until(Map<String, Object> candidate) {
    String until = Values.text(candidate, "until");
    return until.isEmpty() ? Optional.empty() : Optional.of(Instant.parse(until));
  }

  /** Of a lane that the call did not know: taken to be well. */
  static LaneStatus unknown(Lane lane) {
    return new LaneStatus(
        lane.provider().name(),
        lane.model(),
        State.HEALTHY,
        Optional.empty(),
        0,
        Origin.LOCAL,
        Duration.ZERO);
  }
}
