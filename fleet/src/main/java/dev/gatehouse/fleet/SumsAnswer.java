package dev.gatehouse.fleet;

import dev.gatehouse.core.fleet.SharedSums.Part;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * What the script says of the sums.
 *
 * @param complete whether the caller's epoch was the script's; else nothing was changed or read
 * @param version the newest that the caller knows now
 * @param more whether there is more to read
 */
record SumsAnswer(
    String epoch,
    Instant now,
    int processes,
    boolean complete,
    long version,
    boolean more,
    List<Part> sums) {

  private static final int HEAD = 6;

  static SumsAnswer of(List<Object> answer) {
    Instant now = Instant.ofEpochSecond(number(answer, 1), number(answer, 2) * 1_000);
    int processes = (int) number(answer, 3);
    String epoch = String.valueOf(answer.get(0));
    if (answer.size() < HEAD) {
      return new SumsAnswer(epoch, now, processes, false, 0, false, List.of());
    }
    return new SumsAnswer(
        epoch, now, processes, true, number(answer, 4), number(answer, 5) == 1, sums(answer));
  }

  private static List<Part> sums(List<Object> answer) {
    List<Part> sums = new ArrayList<>();
    int at = HEAD;
    while (at + 1 < answer.size()) {
      String name = String.valueOf(answer.get(at));
      int slots = (int) number(answer, at + 1);
      at += 2;
      for (int i = 0; i < slots; i++, at += 2) {
        sums.add(new Part(name, number(answer, at), number(answer, at + 1), 0, Duration.ZERO));
      }
    }
    return sums;
  }

  private static long number(List<Object> answer, int at) {
    return Long.parseLong(String.valueOf(answer.get(at)));
  }
}
