package dev.gatehouse.bench.load;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Random;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;

class HistogramTest {

  private final Histogram histogram = new Histogram();

  @Test
  void percentilesAreWithinOnePercentOfTheSortedValues() {
    long seed = 20_261_121;
    Random random = new Random(seed);
    long[] values = random.longs(10_000, 1, 50_000_000).toArray();
    Arrays.stream(values).forEach(histogram::record);
    Arrays.sort(values);
    for (int percent : new int[] {1, 50, 90, 99, 100}) {
      assertThat(histogram.percentile(percent))
          .as("seed %d, percentile %d", seed, percent)
          .isCloseTo(
              (double) values[values.length * percent / 100 - 1], Percentage.withPercentage(1));
    }
  }

  @Test
  void smallValuesAreExact() {
    for (int nanos = 0; nanos < 256; nanos++) {
      histogram.clear();
      histogram.record(nanos);
      assertThat(histogram.percentile(50)).isEqualTo(nanos);
    }
  }

  @Test
  void valuesBeyondTheRangeCountAsTheLargest() {
    histogram.record(Long.MAX_VALUE);
    histogram.record(-1);
    assertThat(histogram.count()).isEqualTo(2);
    assertThat(histogram.percentile(50)).isZero();
    assertThat(histogram.percentile(100)).isGreaterThan(100e9);
  }

  @Test
  void emptyHasNoPercentile() {
    assertThat(histogram.percentile(99)).isZero();
  }

  @Test
  void addingCountsBoth() {
    Histogram other = new Histogram();
    other.record(10);
    histogram.record(20);
    histogram.add(other);
    assertThat(histogram.count()).isEqualTo(2);
    assertThat(histogram.percentile(50)).isEqualTo(10);
  }
}
