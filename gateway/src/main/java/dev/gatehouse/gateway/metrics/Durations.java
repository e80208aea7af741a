package dev.gatehouse.gateway.metrics;

import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Stream;

/** A histogram of lengths of time. Thread-safe, and without locks. */
final class Durations {

  /** Upper bounds in microseconds: from an fsync to a long answer. */
  private static final long[] BOUNDS_US = {
    100,
    250,
    500,
    1_000,
    2_500,
    5_000,
    10_000,
    25_000,
    50_000,
    100_000,
    250_000,
    500_000,
    1_000_000,
    2_500_000,
    5_000_000,
    10_000_000,
    30_000_000,
    60_000_000,
    300_000_000
  };

  private final String name;
  private final String help;
  private final LongAdder[] buckets =
      Stream.generate(LongAdder::new).limit(BOUNDS_US.length + 1L).toArray(LongAdder[]::new);
  private final LongAdder sumMicros = new LongAdder();

  Durations(String name, String help) {
    this.name = name;
    this.help = help;
  }

  void add(long micros) {
    int bucket = 0;
    while (bucket < BOUNDS_US.length && micros > BOUNDS_US[bucket]) {
      bucket++;
    }
    buckets[bucket].increment();
    sumMicros.add(micros);
  }

  void write(Exposition text) {
    text.name(name, help, "histogram");
    long count = 0;
    for (int i = 0; i <= BOUNDS_US.length; i++) {
      count += buckets[i].sum();
      String bound = i < BOUNDS_US.length ? Exposition.seconds(BOUNDS_US[i]) : "+Inf";
      text.value(name + "_bucket", Map.of("le", bound), count);
    }
    text.seconds(name + "_sum", sumMicros.sum());
    text.value(name + "_count", Map.of(), count);
  }
}
