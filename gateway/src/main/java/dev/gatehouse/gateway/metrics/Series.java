package dev.gatehouse.gateway.metrics;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Counters of one name, told apart by two labels. Thread-safe; adding takes no lock once a series
 * is there.
 */
public final class Series {

  /** So many series a name has; what comes then is counted as {@code other}. */
  static final int SERIES_MAX = 512;

  private static final Labels OTHER = new Labels("other", "other");

  private record Labels(String first, String second) {}

  private final MeterRegistry registry;
  private final String name;
  private final String help;
  private final String firstLabel;
  private final String secondLabel;
  private final Map<Labels, Counter> counters = new ConcurrentHashMap<>();

  public Series(
      MeterRegistry registry, String name, String help, String firstLabel, String secondLabel) {
    this.registry = registry;
    this.name = name;
    this.help = help;
    this.firstLabel = firstLabel;
    this.secondLabel = secondLabel;
  }

  public void add(String first, String second, long count) {
    Labels labels = new Labels(first, second);
    Counter counter = counters.get(labels);
    if (counter == null) {
      counter =
          counters.computeIfAbsent(counters.size() < SERIES_MAX ? labels : OTHER, this::registered);
    }
    counter.increment((double) count);
  }

  private Counter registered(Labels labels) {
    return Counter.builder(name)
        .description(help)
        .tag(firstLabel, labels.first())
        .tag(secondLabel, labels.second())
        .register(registry);
  }
}
