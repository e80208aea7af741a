package dev.gatehouse.gateway.metrics;

import java.util.Comparator;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/**
 * Counters of one name, told apart by two labels. Thread-safe; adding takes no lock once a series
 * is there.
 */
final class Counters {

  /** So many series a name has; what comes then is counted as {@code other}. */
  static final int SERIES_MAX = 512;

  private static final Labels OTHER = new Labels("other", "other");

  private record Labels(String first, String second) {}

  private final String name;
  private final String help;
  private final String firstLabel;
  private final String secondLabel;
  private final Map<Labels, LongAdder> series = new ConcurrentHashMap<>();

  Counters(String name, String help, String firstLabel, String secondLabel) {
    this.name = name;
    this.help = help;
    this.firstLabel = firstLabel;
    this.secondLabel = secondLabel;
  }

  void add(String first, String second, long count) {
    Labels labels = new Labels(first, second);
    LongAdder adder = series.get(labels);
    if (adder == null) {
      adder =
          series.computeIfAbsent(series.size() < SERIES_MAX ? labels : OTHER, _ -> new LongAdder());
    }
    adder.add(count);
  }

  void write(Exposition text) {
    text.name(name, help, "counter");
    series.entrySet().stream()
        .sorted(
            Map.Entry.comparingByKey(
                Comparator.comparing(Labels::first).thenComparing(Labels::second)))
        .forEach(
            entry ->
                text.value(
                    name,
                    Map.of(
                        firstLabel, entry.getKey().first(), secondLabel, entry.getKey().second()),
                    entry.getValue().sum()));
  }
}
