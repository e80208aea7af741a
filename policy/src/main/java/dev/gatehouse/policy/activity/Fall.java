package dev.gatehouse.policy.activity;

import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * That so many will be forgotten.
 *
 * @param inMillis after how many milliseconds, at least 1
 */
record Fall(long inMillis, int count) {

  /**
   * After how many milliseconds less than {@code most} of {@code now} are left, if none are added;
   * 0 when nothing falls.
   */
  static long below(int most, int now, List<Fall> here, List<Fall> elsewhere) {
    int left = now;
    long in = 0;
    for (Fall fall :
        Stream.concat(here.stream(), elsewhere.stream())
            .sorted(Comparator.comparingLong(Fall::inMillis))
            .toList()) {
      if (left < most) {
        break;
      }
      left -= fall.count();
      in = fall.inMillis();
    }
    return in;
  }
}
