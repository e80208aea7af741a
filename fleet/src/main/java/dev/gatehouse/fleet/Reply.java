package dev.gatehouse.fleet;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What the script or the channel says of a lane.
 *
 * @param state {@code rests}, {@code serves} or {@code unknown}
 * @param remaining how long it still rests
 * @param version grows with each change of the lane
 * @param elsewhere how long another's lease still lasts
 * @param granted whether what was asked for was done
 */
record Reply(
    String lane,
    String state,
    Duration remaining,
    long version,
    Duration elsewhere,
    boolean granted) {

  static final String RESTS = "rests";
  static final String SERVES = "serves";

  /** The script's answer about one lane. */
  static Reply of(String lane, List<Object> answer) {
    return new Reply(
        lane,
        text(answer, 0),
        millis(answer, 1),
        Long.parseLong(text(answer, 2)),
        millis(answer, 3),
        text(answer, 4).equals("1"));
  }

  /** The script's answer to {@code list}. */
  static List<Reply> listed(List<Object> answer) {
    List<Reply> all = new ArrayList<>();
    for (int i = 0; i + 2 < answer.size(); i += 3) {
      all.add(
          new Reply(
              text(answer, i),
              RESTS,
              millis(answer, i + 1),
              Long.parseLong(text(answer, i + 2)),
              Duration.ZERO,
              false));
    }
    return all;
  }

  /** News; empty when it is none that this version understands. */
  static Optional<Reply> news(String text) {
    String[] words = text.split(" ", -1);
    if (words.length != 4
        || !(words[1].equals(RESTS) || words[1].equals(SERVES))
        || !words[2].matches("[0-9]{1,15}")
        || !words[3].matches("[0-9]{1,18}")) {
      return Optional.empty();
    }
    return Optional.of(
        new Reply(
            words[0],
            words[1],
            Duration.ofMillis(Long.parseLong(words[2])),
            Long.parseLong(words[3]),
            Duration.ZERO,
            false));
  }

  private static String text(List<Object> answer, int at) {
    return String.valueOf(answer.get(at));
  }

  private static Duration millis(List<Object> answer, int at) {
    return Duration.ofMillis(Long.parseLong(text(answer, at)));
  }
}
