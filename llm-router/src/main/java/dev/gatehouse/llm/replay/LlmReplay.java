package dev.gatehouse.llm.replay;

import dev.gatehouse.llm.config.LlmConfig;
import dev.gatehouse.llm.config.RoutingRecord;
import dev.gatehouse.llm.replay.Replayed.Visit;
import dev.gatehouse.llm.replay.Script.Diverged;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Decides recorded LLM calls again: as they were decided, or as another config would have. */
public final class LlmReplay {

  private LlmReplay() {}

  /**
   * Decides a call again as it was, and compares with its row.
   *
   * @param routing what was in force then
   * @throws NotReplayableException when it is another routing than the row names
   */
  public static Replayed again(RecordedCall call, RoutingRecord routing)
      throws NotReplayableException {
    if (!routing.digest().hex().equals(call.configDigest())) {
      throw new NotReplayableException(
          "the row was decided by the routing config "
              + call.configDigest()
              + ", and this one is "
              + routing.digest().hex());
    }
    AsRecorded telling = new AsRecorded(call);
    Rerun rerun = new Rerun(routing.config(), call, telling);
    Optional<String> difference;
    try {
      rerun.walk();
      difference =
          telling
              .rest()
              .or(() -> Comparison.first(call, rerun.route(), rerun.journey(), rerun.tried()));
    } catch (Diverged e) {
      difference =
          Comparison.order(call, rerun.route(), rerun.journey())
              .or(() -> Optional.of(String.valueOf(e.getMessage())));
    }
    return replayed(call.configDigest(), rerun, difference);
  }

  /** Decides a call as another config would have, by all that is on record about its lanes. */
  public static Replayed under(RecordedCall call, LlmConfig config) {
    Rerun rerun = new Rerun(config, call, new AsSupposed(call));
    rerun.walk();
    return replayed(RoutingRecord.of(config).digest().hex(), rerun, Optional.empty());
  }

  private static Replayed replayed(String digest, Rerun rerun, Optional<String> difference) {
    return new Replayed(digest, rerun.route(), rerun.visits(), rerun.end(), difference);
  }

  /** What another config would have made of a call, against what was; for people. */
  public static List<String> differences(Replayed was, Replayed would) {
    List<String> all = new ArrayList<>();
    differ(all, "route", word(was.route()), word(would.route()));
    differ(all, "order", order(was), order(would));
    differ(all, "asked first", first(was), first(would));
    for (Visit visit : would.visits()) {
      Optional<Visit> before = find(was, visit);
      String now = passedBy(visit);
      String then = before.map(LlmReplay::passedBy).orElse("");
      if (!now.isEmpty() && !now.equals(then)) {
        all.add(name(visit) + ": " + now);
      } else if (now.isEmpty() && !then.isEmpty()) {
        all.add(name(visit) + ": not passed by any more");
      }
    }
    differ(all, "end", was.end(), would.end());
    return all;
  }

  private static void differ(List<String> all, String what, String was, String would) {
    if (!was.equals(would)) {
      all.add(what + ": " + would + ", where it was " + was);
    }
  }

  private static String word(String name) {
    return name.isEmpty() ? "none" : name;
  }

  private static String order(Replayed replayed) {
    return word(String.join(", ", replayed.visits().stream().map(LlmReplay::name).toList()));
  }

  private static String first(Replayed replayed) {
    return replayed.visits().stream()
        .filter(visit -> visit.happened().stream().anyMatch(what -> what.startsWith("asked")))
        .findFirst()
        .map(LlmReplay::name)
        .orElse("nobody");
  }

  private static Optional<Visit> find(Replayed in, Visit visit) {
    return in.visits().stream().filter(each -> name(each).equals(name(visit))).findFirst();
  }

  private static String name(Visit visit) {
    return visit.provider() + "/" + visit.model();
  }

  private static String passedBy(Visit visit) {
    return visit.happened().stream()
        .filter(what -> what.startsWith("passed by"))
        .findFirst()
        .orElse("");
  }
}
