package dev.gatehouse.connectors;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.testkit.Rooms;
import java.io.IOException;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The rooms of this module and the arrows between them: this map is all of them. */
final class RoomsTest {

  /** What each room sees of the others; the outermost has no name. */
  private static final Map<String, Set<String>> ARROWS =
      Map.ofEntries(
          Map.entry("", Set.of("catalog", "config", "oauth", "pins", "process", "upstream")),
          Map.entry(
              "upstream",
              Set.of(
                  "call",
                  "catalog",
                  "config",
                  "http",
                  "json",
                  "negotiation",
                  "oauth",
                  "offer",
                  "rpc",
                  "stdio",
                  "waits")),
          Map.entry("call", Set.of("catalog", "json", "rpc", "scan")),
          Map.entry("catalog", Set.of("config", "json", "offer", "pins", "scan")),
          Map.entry("negotiation", Set.of("config", "http", "legacy", "modern", "rpc", "waits")),
          Map.entry("modern", Set.of("config", "json", "offer", "rpc", "waits")),
          Map.entry("legacy", Set.of("config", "http", "json", "offer", "rpc", "waits")),
          Map.entry("http", Set.of("config", "json", "oauth", "rpc", "waits")),
          Map.entry("stdio", Set.of("config", "json", "process", "rpc", "waits")),
          Map.entry("process", Set.of("config", "waits")),
          Map.entry("rpc", Set.of("config", "json", "offer", "waits")),
          Map.entry("offer", Set.of("json")),
          Map.entry("pins", Set.of()),
          Map.entry("scan", Set.of("json")),
          Map.entry("oauth", Set.of()),
          Map.entry("json", Set.of()),
          Map.entry("config", Set.of("oauth", "pins", "scan")),
          Map.entry("waits", Set.of()));

  private static final Rooms ROOMS = new Rooms("dev.gatehouse.connectors");

  @Test
  void roomsSeeWhatTheMapSaysAndNothingElse() {
    assertThat(ROOMS.arrows()).containsExactlyInAnyOrderEntriesOf(ARROWS);
  }

  @Test
  void theOldEraIsKnownByOneRoomOnlyAndKnowsNothingOfTheNew() {
    assertThat(ARROWS.entrySet())
        .filteredOn(arrows -> arrows.getValue().contains("legacy"))
        .extracting(Map.Entry::getKey)
        .containsExactly("negotiation");
    assertThat(ARROWS.get("legacy")).doesNotContain("modern");
  }

  @Test
  void whatOnlyTheOldEraSaysIsSpelledInItsRoomOnly() throws IOException {
    // a config key may be of the same name, and names headers that nobody may configure
    assertThat(ROOMS.filesThatSay(Rooms.OLD_ERA_WORDS))
        .extracting(file -> file.getName(0).toString())
        .containsOnly("config", "legacy");
  }
}
