package dev.gatehouse.llm.replay;

import dev.gatehouse.core.json.CanonicalJson;
import dev.gatehouse.core.outcome.Exclusion;
import dev.gatehouse.llm.failover.Journey;
import dev.gatehouse.llm.replay.Rerun.Tried;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Finds the first thing in which a rerun and its row differ. */
final class Comparison {

  private Comparison() {}

  static Optional<String> first(
      RecordedCall call, String route, Journey journey, List<Tried> tried) {
    return order(call, route, journey)
        .or(() -> same("routing.heard", call.heard(), journey.heard()))
        .or(
            () ->
                same(
                    "candidates_excluded",
                    call.excluded(),
                    journey.excluded().stream().map(Comparison::row).toList()))
        .or(() -> attempts(call, tried));
  }

  static Optional<String> order(RecordedCall call, String route, Journey journey) {
    return differs("routing.route", call.route(), route)
        .or(
            () ->
                same(
                    "candidates",
                    call.candidates().stream()
                        .map(
                            each ->
                                place(Values.text(each, "provider"), Values.text(each, "model")))
                        .toList(),
                    journey.candidates().stream()
                        .map(each -> place(each.provider(), each.model()))
                        .toList()));
  }

  private static Map<String, Object> place(String provider, String model) {
    return Map.of("provider", provider, "model", model);
  }

  private static Map<String, Object> row(Exclusion exclusion) {
    Map<String, Object> row = new HashMap<>();
    row.put("provider", exclusion.provider());
    row.put("why", exclusion.why());
    exclusion.until().ifPresent(until -> row.put("until", until.toString()));
    if (!exclusion.field().isEmpty()) {
      row.put("field", exclusion.field());
    }
    return row;
  }

  private static Optional<String> same(
      String what, List<Map<String, Object>> said, List<Map<String, Object>> decided) {
    for (int i = 0; i < Math.max(said.size(), decided.size()); i++) {
      Optional<String> difference =
          differs(
              what + "[" + i + "]",
              i < said.size() ? CanonicalJson.text(said.get(i)) : "nothing",
              i < decided.size() ? CanonicalJson.text(decided.get(i)) : "nothing");
      if (difference.isPresent()) {
        return difference;
      }
    }
    return Optional.empty();
  }

  private static Optional<String> attempts(RecordedCall call, List<Tried> tried) {
    for (int i = 0; i < Math.max(tried.size(), call.attempts().size()); i++) {
      boolean open = i < tried.size() && tried.get(i).fault().isEmpty();
      if (i == call.attempts().size() && open) {
        break; // it ended before the last try came to anything
      }
      Optional<String> difference =
          differs(
              "attempts[" + i + "]",
              i < call.attempts().size() ? said(call.attempts().get(i), open) : "nothing",
              i < tried.size() ? decided(tried.get(i)) : "nothing");
      if (difference.isPresent()) {
        return difference;
      }
    }
    return call.outcome().equals("completed")
        ? differs("provider_used", call.providerUsed(), served(tried))
        : Optional.empty();
  }

  private static String served(List<Tried> tried) {
    return tried.isEmpty() || tried.getLast().fault().isPresent()
        ? "nobody"
        : tried.getLast().provider();
  }

  private static String said(Map<String, Object> attempt, boolean open) {
    String place = Values.text(attempt, "provider") + "/" + Values.text(attempt, "model");
    return open ? place : place + " " + Values.text(attempt, "kind");
  }

  private static String decided(Tried tried) {
    String place = tried.provider() + "/" + tried.model();
    return tried.fault().map(fault -> place + " " + fault.kind().rowName()).orElse(place);
  }

  private static Optional<String> differs(String what, String said, String decided) {
    return said.equals(decided)
        ? Optional.empty()
        : Optional.of(what + ": the row says " + said + "; decided again: " + decided);
  }
}
