package dev.gatehouse.policy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.testkit.Rooms;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The rooms of this module and the arrows between them: this map is all of them. */
final class RoomsTest {

  /** What each room sees of the others; the outermost has no name. */
  private static final Map<String, Set<String>> ARROWS =
      Map.ofEntries(
          Map.entry(
              "",
              Set.of(
                  "activity",
                  "approval",
                  "condition",
                  "drift",
                  "grant",
                  "ranges",
                  "record",
                  "risk",
                  "rules",
                  "stop")),
          Map.entry("check", Set.of("", "condition", "drift", "risk", "rules")),
          Map.entry("lint", Set.of("rules")),
          Map.entry("text", Set.of("condition", "rules")),
          Map.entry("rules", Set.of("condition", "ranges")),
          Map.entry("approval", Set.of("ranges")),
          Map.entry("store", Set.of("approval")),
          Map.entry("grant", Set.of("ranges", "rules")),
          Map.entry("publish", Set.of("check", "condition", "rules", "text")),
          Map.entry("record", Set.of("condition", "risk", "rules")),
          Map.entry("activity", Set.of("ranges")),
          Map.entry("risk", Set.of("ranges")),
          Map.entry("stop", Set.of("ranges")),
          Map.entry("drift", Set.of()),
          Map.entry("condition", Set.of()),
          Map.entry("ranges", Set.of()));

  @Test
  void roomsSeeWhatTheMapSaysAndNothingElse() {
    assertThat(new Rooms("dev.gatehouse.policy").arrows())
        .containsExactlyInAnyOrderEntriesOf(ARROWS);
  }
}
