package dev.gatehouse.failover.simulation;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * What happens in one world, drawn of its seed: who fails when, and how wrong each clock is.
 *
 * @param skewsMs of the processes' own clocks
 * @param redisSkewMs of Redis' clock
 * @param pauseMs mean time between two requests at one process
 * @param faults until {@link #CALM}; after that all is well
 */
record Schedule(List<Long> skewsMs, long redisSkewMs, int pauseMs, List<Fault> faults) {

  static final int NODES = 3;

  /** When the last fault is over. */
  static final Duration CALM = Duration.ofSeconds(190);

  /** When everything must have recovered: a rest, a lease, a sync and a few requests later. */
  static final Duration RECOVERED = CALM.plusSeconds(130 + 10 + 5 + 60);

  /** When the first provider fails once more, so that the second is wanted. */
  static final Duration LAST_FAULT = RECOVERED.plusSeconds(15);

  /** When the second must serve everybody. */
  static final Duration SECOND_SERVES = LAST_FAULT.plusSeconds(45);

  static final Duration END = SECOND_SERVES.plusSeconds(15);

  /** Something that is wrong for a while. */
  record Fault(Kind kind, int who, Duration from, Duration until) {}

  /** What may be wrong. */
  enum Kind {
    /** The provider fails in one of many ways; the one by its number. */
    PROVIDER,
    /** Redis is down; it comes back with what it knew. */
    REDIS_DOWN,
    /** Redis loses everything and goes on. */
    REDIS_FLUSHED,
    /** Redis is down and comes back empty. */
    REDIS_RESTARTED,
    /** Redis answers late, often too late. */
    REDIS_SLOW,
    /** One process cannot reach Redis, and does not notice at once. */
    PARTITION,
    /** One process is killed, and started anew at the end. */
    KILL,
    /** The clock of one process is set, by up to five minutes. */
    CLOCK_SET
  }

  static Schedule of(SplittableRandom random) {
    List<Long> skews = new ArrayList<>();
    for (int i = 0; i < NODES; i++) {
      skews.add(random.nextLong(-300_000, 300_001));
    }
    List<Fault> faults = new ArrayList<>();
    int providers = random.nextInt(1, 4);
    for (int i = 0; i < providers; i++) {
      faults.add(fault(random, Kind.PROVIDER, random.nextInt(4) == 0 ? 1 : 0, 2_000, 90_000));
    }
    int others = random.nextInt(0, 5);
    Kind[] kinds = Kind.values();
    for (int i = 0; i < others; i++) {
      Kind kind = kinds[random.nextInt(1, kinds.length)];
      faults.add(fault(random, kind, random.nextInt(NODES), 50, 30_000));
    }
    return new Schedule(
        skews,
        random.nextLong(-86_400_000, 86_400_001),
        random.nextInt(300, 2_500),
        List.copyOf(faults));
  }

  private static Fault fault(SplittableRandom random, Kind kind, int who, int leastMs, int mostMs) {
    long length = random.nextLong(leastMs, mostMs);
    long from = random.nextLong(1_000, CALM.toMillis() - length);
    return new Fault(kind, who, Duration.ofMillis(from), Duration.ofMillis(from + length));
  }
}
