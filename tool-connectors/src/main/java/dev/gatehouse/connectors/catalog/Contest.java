package dev.gatehouse.connectors.catalog;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gives each candidate a name that no other has. Where several want the same one, all of them go to
 * their next longer form: none can take a name over that agents and policies know as another's, and
 * who came first does not matter.
 *
 * @param naming the name of a candidate at a level, from 0; at the highest it must be unique
 * @param levelMax the highest level
 */
record Contest<C>(BiFunction<C, Integer, String> naming, int levelMax) {

  private static final Logger LOG = LoggerFactory.getLogger(Contest.class);

  /** Names all candidates, which differ. */
  Map<C, String> settle(List<C> candidates) {
    Map<C, Integer> levels = new HashMap<>();
    candidates.forEach(candidate -> levels.put(candidate, 0));
    for (; ; ) {
      Map<String, List<C>> contests = new HashMap<>();
      candidates.forEach(
          candidate ->
              contests
                  .computeIfAbsent(
                      naming.apply(candidate, levels.getOrDefault(candidate, 0)),
                      _ -> new ArrayList<>())
                  .add(candidate));
      if (contests.size() == levels.size()) {
        return names(contests);
      }
      contests.forEach((name, contenders) -> escalate(name, contenders, levels));
    }
  }

  private void escalate(String name, List<C> contenders, Map<C, Integer> levels) {
    if (contenders.size() < 2) {
      return;
    }
    LOG.warn(
        "{} upstream entries want the name '{}'; each gets a longer one: {}",
        contenders.size(),
        name,
        contenders);
    for (C contender : contenders) {
      if (levels.merge(contender, 1, Integer::sum) > levelMax) {
        throw new IllegalStateException("two entries have the same identity: " + contender);
      }
    }
  }

  private static <C> Map<C, String> names(Map<String, List<C>> contests) {
    Map<C, String> names = new HashMap<>();
    contests.forEach((name, winner) -> names.put(winner.getFirst(), name));
    return names;
  }
}
