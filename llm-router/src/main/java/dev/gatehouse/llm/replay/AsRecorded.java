package dev.gatehouse.llm.replay;

import dev.gatehouse.llm.failover.Entry;
import dev.gatehouse.llm.failover.Lane;
import dev.gatehouse.llm.failover.LaneStatus;
import dev.gatehouse.llm.replay.Script.Diverged;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Tells exactly what is on record, in its order; whoever asks anything else has diverged. */
final class AsRecorded implements Telling {

  private final RecordedCall call;
  private int at;

  AsRecorded(RecordedCall call) {
    this.call = call;
  }

  @Override
  public LaneStatus status(int place, Lane lane) {
    return place < call.candidates().size()
        ? Snapshot.status(call.candidates().get(place))
        : Snapshot.unknown(lane);
  }

  @Override
  public Entry enter(int place, Lane lane) {
    Map<String, Object> event = take("asking " + lane.provider().name() + " to let the call in");
    if (!event.containsKey("entry")
        || event.containsKey("by")
        || Values.number(event, "lane") != place) {
      throw diverged("asking lane " + place + " to let the call in", event);
    }
    return Script.entry(lane.provider().name(), event);
  }

  @Override
  public Optional<Entry> answer(int place, Lane lane) {
    if (at == call.heard().size()) {
      return Optional.empty();
    }
    Map<String, Object> event = take("");
    if (!Values.text(event, "by").equals("fleet")) {
      throw diverged("waiting for the fleet", event);
    }
    return Optional.of(Script.entry(lane.provider().name(), event));
  }

  @Override
  public Optional<Map<String, Object>> next(int place, Lane lane) {
    if (at == call.heard().size()) {
      return Optional.empty();
    }
    Map<String, Object> event = take("");
    if (!Script.isFailure(event) && !Script.isUnsendable(event)) {
      throw diverged("sending the call to " + lane.provider().name(), event);
    }
    return Optional.of(event);
  }

  @Override
  public boolean livesOn() {
    return at < call.heard().size();
  }

  @Override
  public String end(Lane lane) {
    return call.outcome().equals("completed")
        ? lane.provider().name() + " serves"
        : "the call ended while " + lane.provider().name() + " answered";
  }

  private Map<String, Object> take(String deciding) {
    List<Map<String, Object>> heard = call.heard();
    if (at == heard.size()) {
      throw new Diverged("decided again: " + deciding + "; the row has nothing more");
    }
    return heard.get(at++);
  }

  private Diverged diverged(String deciding, Map<String, Object> event) {
    return new Diverged(
        "routing.heard[" + (at - 1) + "]: decided again: " + deciding + "; the row has " + event);
  }

  /** What was not told, because the rerun ended before. */
  Optional<String> rest() {
    return at < call.heard().size()
        ? Optional.of(
            "routing.heard["
                + at
                + "]: decided again, the call is over; the row has "
                + call.heard().get(at))
        : Optional.empty();
  }
}
