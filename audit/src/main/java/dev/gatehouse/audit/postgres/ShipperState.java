package dev.gatehouse.audit.postgres;

import java.time.Duration;
import java.util.Comparator;
import java.util.List;

/**
 * How far the copy in the database is.
 *
 * @param stream the stream being written
 * @param rows how many of its rows the database confirmed
 * @param lagRows how many of its durable rows it did not
 * @param oldestWaiting how long the oldest row that was not confirmed is on record; zero when all
 *     were
 * @param late whether that is longer than allowed
 * @param refuses whether calls are refused because of it
 * @param failure why the last attempt failed; empty when it did not
 * @param durability what calls wait for
 */
public record ShipperState(
    String stream,
    long rows,
    long lagRows,
    Duration oldestWaiting,
    boolean late,
    boolean refuses,
    String failure,
    Durability durability) {

  /**
   * The copies of several classes as one: what is worst of each, and all numbers together.
   *
   * @param classes the one by default first
   */
  public static ShipperState together(List<ShipperState> classes) {
    ShipperState first = classes.getFirst();
    return new ShipperState(
        first.stream,
        classes.stream().mapToLong(ShipperState::rows).sum(),
        classes.stream().mapToLong(ShipperState::lagRows).sum(),
        classes.stream()
            .map(ShipperState::oldestWaiting)
            .max(Comparator.naturalOrder())
            .orElse(Duration.ZERO),
        classes.stream().anyMatch(ShipperState::late),
        classes.stream().anyMatch(ShipperState::refuses),
        classes.stream()
            .map(ShipperState::failure)
            .filter(failure -> !failure.isEmpty())
            .findFirst()
            .orElse(""),
        first.durability);
  }
}
