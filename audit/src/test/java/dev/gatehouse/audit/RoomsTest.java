package dev.gatehouse.audit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.testkit.Rooms;
import java.util.List;
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
                  "body",
                  "chain",
                  "disk",
                  "expiry",
                  "note",
                  "personal",
                  "recovery",
                  "retain",
                  "row",
                  "s3",
                  "segment",
                  "sign",
                  "stamp",
                  "tsa",
                  "witness",
                  "write")),
          Map.entry("chain", Set.of()),
          Map.entry("disk", Set.of()),
          Map.entry("personal", Set.of("disk", "row")),
          Map.entry("body", Set.of("personal")),
          Map.entry("segment", Set.of("chain")),
          Map.entry("row", Set.of("chain", "note")),
          Map.entry("note", Set.of("chain", "disk")),
          Map.entry("witness", Set.of("chain", "disk", "note")),
          Map.entry("s3", Set.of("chain", "witness")),
          Map.entry("write", Set.of("body", "chain", "disk", "personal", "row", "segment")),
          Map.entry("expiry", Set.of("chain", "row", "segment")),
          Map.entry(
              "retain",
              Set.of("body", "chain", "disk", "expiry", "personal", "row", "segment", "verify")),
          Map.entry("stamp", Set.of()),
          Map.entry("tsa", Set.of("chain", "disk", "note", "stamp", "witness")),
          Map.entry(
              "sign",
              Set.of(
                  "chain", "expiry", "disk", "note", "row", "segment", "tsa", "witness", "write")),
          Map.entry(
              "verify",
              Set.of(
                  "body",
                  "chain",
                  "expiry",
                  "note",
                  "personal",
                  "row",
                  "segment",
                  "stamp",
                  "witness")),
          Map.entry(
              "recovery", Set.of("chain", "disk", "note", "row", "segment", "verify", "witness")),
          Map.entry(
              "export",
              Set.of(
                  "body",
                  "chain",
                  "expiry",
                  "disk",
                  "note",
                  "personal",
                  "row",
                  "segment",
                  "stamp",
                  "verify",
                  "witness")),
          Map.entry("proof", Set.of("chain", "expiry", "note", "row", "segment", "witness")),
          Map.entry("read", Set.of("chain", "row", "segment")),
          Map.entry("postgres", Set.of("chain", "disk", "read", "row", "segment")),
          Map.entry("index", Set.of("chain", "disk", "read", "row")),
          Map.entry("projection", Set.of("chain", "read", "row")));

  private static final Rooms ROOMS = new Rooms("dev.gatehouse.audit");

  @Test
  void roomsSeeWhatTheMapSaysAndNothingElse() {
    assertThat(ROOMS.arrows()).containsExactlyInAnyOrderEntriesOf(ARROWS);
  }

  @Test
  void whoJudgesTheRecordSharesNoCodeWithWhoWritesIt() {
    assertThat(List.of("verify", "export", "proof", "read", "index", "postgres", "projection"))
        .allSatisfy(
            room -> assertThat(ARROWS.get(room)).doesNotContain("write", "sign", "tsa", ""));
  }
}
