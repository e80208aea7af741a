package dev.gatehouse.audit.stamp;

import java.time.Instant;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/** Judges time-stamps, log by log, and keeps for people what they say. Single thread. */
public final class StampTally {

  private record Counted(int stamps, long number, Stamp newest) {}

  private final StampAuthorities authorities;
  private final SortedMap<String, Counted> logs = new TreeMap<>();

  public StampTally(StampAuthorities authorities) {
    this.authorities = authorities;
  }

  /**
   * Judges a time-stamp of a log's checkpoint.
   *
   * @throws IllegalArgumentException saying what is wrong with it
   */
  public void take(String log, long number, byte[] response, String note, Instant notedAt) {
    Stamp stamp = authorities.check(response, note, notedAt);
    logs.merge(
        log,
        new Counted(1, number, stamp),
        (before, now) -> new Counted(before.stamps() + 1, now.number(), now.newest()));
  }

  /** A line for each log that has any. */
  public List<String> lines() {
    return logs.entrySet().stream()
        .map(
            each ->
                "%d time-stamps of %s hold; checkpoint %d existed at %s, says %s%s"
                    .formatted(
                        each.getValue().stamps(),
                        each.getKey(),
                        each.getValue().number(),
                        each.getValue().newest().at(),
                        each.getValue().newest().authority(),
                        each.getValue().newest().vouched()
                            ? ""
                            : ", for whom nobody here vouches: name its root with --tsa-root FILE"))
        .toList();
  }
}
