package dev.gatehouse.llm.replay;

import dev.gatehouse.core.outcome.Exclusion;
import dev.gatehouse.llm.failover.Entry;
import dev.gatehouse.llm.failover.Lane;
import dev.gatehouse.llm.failover.LaneStatus;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Tells of each lane what is on record about it, in whatever order lanes are asked. A lane that the
 * call did not know is taken to be well, and how it would have answered stays open.
 */
final class AsSupposed implements Telling {

  private record Place(String provider, String model) {
    static Place of(Lane lane) {
      return new Place(lane.provider().name(), lane.model());
    }

    static Place of(Map<String, Object> row) {
      return new Place(Values.text(row, "provider"), Values.text(row, "model"));
    }
  }

  /** What is on record about one place. */
  private static final class Known {
    private final Map<String, Object> candidate;
    private final Deque<Map<String, Object>> entries = new ArrayDeque<>();
    private final Deque<Map<String, Object>> answers = new ArrayDeque<>();
    private final Deque<Map<String, Object>> ends = new ArrayDeque<>();

    Known(Map<String, Object> candidate) {
      this.candidate = candidate;
    }
  }

  private final Map<Place, Known> known = new HashMap<>();
  private final Optional<Place> served;

  AsSupposed(RecordedCall call) {
    for (Map<String, Object> candidate : call.candidates()) {
      known.putIfAbsent(Place.of(candidate), new Known(candidate));
    }
    int lane = 0;
    for (Map<String, Object> event : call.heard()) {
      lane = event.containsKey("lane") ? (int) Values.number(event, "lane") : lane;
      Known about = known.get(Place.of(call.candidates().get(lane)));
      if (about != null) {
        sort(event, about);
      }
    }
    served =
        call.outcome().equals("completed") && !call.attempts().isEmpty()
            ? Optional.of(Place.of(call.attempts().getLast()))
            : Optional.empty();
  }

  private static void sort(Map<String, Object> event, Known about) {
    if (event.containsKey("by")) {
      about.answers.add(event);
    } else if (event.containsKey("entry")) {
      about.entries.add(event);
    } else {
      about.ends.add(event);
    }
  }

  private Known about(Lane lane) {
    return known.computeIfAbsent(Place.of(lane), _ -> new Known(Map.of()));
  }

  @Override
  public LaneStatus status(int place, Lane lane) {
    Known about = about(lane);
    return about.candidate.isEmpty() ? Snapshot.unknown(lane) : Snapshot.status(about.candidate);
  }

  @Override
  public Entry enter(int place, Lane lane) {
    Known about = about(lane);
    if (!about.entries.isEmpty()) {
      return Script.entry(lane.provider().name(), about.entries.remove());
    }
    return switch (status(place, lane).state()) {
      case HEALTHY, PROBING -> new Entry.Open(Script.PASS);
      case UNHEALTHY -> shut(lane, "breaker_open", about);
      case QUOTA_EXHAUSTED -> shut(lane, "quota_exhausted", about);
    };
  }

  private static Entry shut(Lane lane, String why, Known about) {
    return new Entry.Shut(
        new Exclusion(lane.provider().name(), why, Snapshot.until(about.candidate)));
  }

  @Override
  public Optional<Entry> answer(int place, Lane lane) {
    Known about = about(lane);
    return Optional.of(
        about.answers.isEmpty()
            ? new Entry.Open(Script.PASS)
            : Script.entry(lane.provider().name(), about.answers.remove()));
  }

  @Override
  public Optional<Map<String, Object>> next(int place, Lane lane) {
    return Optional.ofNullable(about(lane).ends.poll());
  }

  @Override
  public boolean livesOn() {
    return true;
  }

  @Override
  public String end(Lane lane) {
    String provider = lane.provider().name();
    return served.filter(Place.of(lane)::equals).isPresent()
        ? provider + " serves"
        : provider + " is asked; how it would have answered is not on record";
  }
}
