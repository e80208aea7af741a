package dev.gatehouse.llm.replay;

import dev.gatehouse.core.outcome.Candidate;
import dev.gatehouse.core.outcome.Exclusion;
import dev.gatehouse.llm.config.ExposureLimits;
import dev.gatehouse.llm.config.LlmConfig;
import dev.gatehouse.llm.config.ModelRoute;
import dev.gatehouse.llm.failover.Draws;
import dev.gatehouse.llm.failover.Entry;
import dev.gatehouse.llm.failover.Fault;
import dev.gatehouse.llm.failover.Healths;
import dev.gatehouse.llm.failover.Journey;
import dev.gatehouse.llm.failover.Journey.Step;
import dev.gatehouse.llm.failover.Lane;
import dev.gatehouse.llm.failover.LaneDoor;
import dev.gatehouse.llm.failover.LaneStatus;
import dev.gatehouse.llm.failover.Routes;
import dev.gatehouse.llm.replay.Replayed.Visit;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * A journey walked once more: the real {@link Routes} and {@link Journey} decide, and a {@link
 * Telling} stands in for breakers and providers.
 */
final class Rerun {

  private static final String GONE = "the call ended before it was decided";

  /** A try, as rows list them. */
  record Tried(String provider, String model, Optional<Fault> fault) {}

  private final Telling telling;
  private final List<Lane> lanes;
  private final String route;
  private final Journey journey;
  private final List<Tried> tried = new ArrayList<>();
  private final Map<Integer, List<String>> happened = new HashMap<>();
  private int excludedSeen;
  private String end = "";

  Rerun(LlmConfig config, RecordedCall call, Telling telling) {
    this.telling = telling;
    Routes routes = new Routes(config, new Healths(Clock.systemUTC()));
    Draws draws = call.seed().isPresent() ? Draws.again(call.seed().getAsLong()) : fresh();
    Optional<ModelRoute> found = routes.find(call.model(), call.api());
    route = found.map(each -> each.model().pattern()).orElse("");
    lanes = doors(found.map(each -> routes.lanes(each, call.model(), draws)).orElse(List.of()));
    journey =
        new Journey(
            lanes,
            found.map(ModelRoute::limits).orElse(ExposureLimits.NONE),
            config.limits(),
            draws);
  }

  /** Chance that the call did not need; whoever needs it now is told the same each time. */
  private static Draws fresh() {
    return new Draws(new Random(0));
  }

  private List<Lane> doors(List<Lane> resolved) {
    List<Lane> scripted = new ArrayList<>();
    for (int i = 0; i < resolved.size(); i++) {
      Lane lane = resolved.get(i);
      scripted.add(
          new Lane(lane.provider(), lane.target(), lane.model(), new Door(i, lane, telling)));
    }
    return scripted;
  }

  private record Door(int place, Lane lane, Telling telling) implements LaneDoor {

    @Override
    public Entry enter() {
      return telling.enter(place, lane);
    }

    @Override
    public LaneStatus status() {
      return telling.status(place, lane);
    }
  }

  /** Walks to the end. */
  void walk() {
    Step step = journey.next();
    while (step != null) {
      noteExclusions();
      step =
          switch (step) {
            case Step.Go(var lane, _) -> go(lane);
            case Step.Ask _ -> ask();
            case Step.Wait _ -> telling.livesOn() ? journey.again() : over(GONE);
            case Step.Raise(var lane, var fault) ->
                over(lane.provider().name() + "'s refusal is told: " + Script.words(fault));
            case Step.Broken(var lane, var fault) ->
                over(lane.provider().name() + "'s answer broke off: " + Script.words(fault));
            case Step.End() ->
                over(lanes.isEmpty() ? "no route serves the model" : "nobody is left to ask");
          };
    }
  }

  private @Nullable Step ask() {
    int place = journey.place();
    Optional<Entry> answer = telling.answer(place, lanes.get(place));
    return answer.isPresent() ? journey.answered(answer.get()) : over(GONE);
  }

  private @Nullable Step over(String how) {
    end = how;
    return null;
  }

  private @Nullable Step go(Lane lane) {
    int place = journey.place();
    Optional<Map<String, Object>> next = telling.next(place, lane);
    if (next.isEmpty()) {
      tried.add(new Tried(lane.provider().name(), lane.model(), Optional.empty()));
      note(place, "asked");
      return over(telling.end(lane));
    }
    Map<String, Object> event = next.get();
    if (Script.isUnsendable(event)) {
      return journey.unsendable(
          Script.PASS, Values.text(event, "unsendable"), Values.text(event, "field"));
    }
    Fault fault = Script.fault(event);
    tried.add(new Tried(lane.provider().name(), lane.model(), Optional.of(fault)));
    note(place, "asked: " + Script.words(fault));
    journey.sent();
    if (Values.flag(event, "begun")) {
      journey.begun();
    }
    Step step = journey.failed(fault, Script.micros(event, "left_us"));
    if (step instanceof Step.Wait(var length)) {
      note(place, "asked again after " + length.toMillis() + " ms");
    }
    return step;
  }

  private void noteExclusions() {
    List<Exclusion> excluded = journey.excluded();
    List<Integer> places = journey.excludedPlaces();
    for (; excludedSeen < excluded.size(); excludedSeen++) {
      Exclusion exclusion = excluded.get(excludedSeen);
      StringBuilder text = new StringBuilder("passed by: ").append(exclusion.why());
      exclusion.until().ifPresent(until -> text.append(" until ").append(until));
      text.append(exclusion.field().isEmpty() ? "" : " (" + exclusion.field() + ")");
      note(places.get(excludedSeen), text.toString());
    }
  }

  private void note(int place, String what) {
    happened.computeIfAbsent(place, _ -> new ArrayList<>()).add(what);
  }

  List<Visit> visits() {
    List<Visit> visits = new ArrayList<>();
    List<Candidate> candidates = journey.candidates();
    for (int i = 0; i < candidates.size(); i++) {
      Candidate each = candidates.get(i);
      visits.add(
          new Visit(
              each.provider(),
              each.model(),
              each.state(),
              each.origin(),
              happened.getOrDefault(i, List.of())));
    }
    return visits;
  }

  Journey journey() {
    return journey;
  }

  List<Tried> tried() {
    return tried;
  }

  String route() {
    return route;
  }

  String end() {
    return end;
  }
}
