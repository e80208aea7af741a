package dev.gatehouse.bench.load;

import java.time.Duration;

/**
 * What a load run saw; every answer counted was good.
 *
 * @param answers how many
 * @param elapsed from the first request to the last answer
 * @param latencies from a request's first byte sent to its answer's last byte read
 * @param firstBytes from a request's first byte sent to the first byte of its answer's body read
 */
public record LoadResult(
    long answers, Duration elapsed, Histogram latencies, Histogram firstBytes) {

  /** Answers a second. */
  public double perSecond() {
    return answers * 1e9 / elapsed.toNanos();
  }
}
