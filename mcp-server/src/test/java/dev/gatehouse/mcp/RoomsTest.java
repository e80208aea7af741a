package dev.gatehouse.mcp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.testkit.Rooms;
import java.io.IOException;
import java.nio.file.Path;
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
              Set.of("asking", "config", "http", "jsonrpc", "legacy", "operations", "requests")),
          Map.entry(
              "legacy",
              Set.of(
                  "asking",
                  "config",
                  "http",
                  "jsonrpc",
                  "listening",
                  "lists",
                  "operations",
                  "requests")),
          Map.entry(
              "operations",
              Set.of(
                  "asking",
                  "calls",
                  "config",
                  "http",
                  "jsonrpc",
                  "listening",
                  "lists",
                  "node",
                  "outcomes",
                  "requests",
                  "tasks",
                  "waiting")),
          Map.entry(
              "listening",
              Set.of(
                  "asking", "calls", "config", "jsonrpc", "lists", "replies", "requests", "tasks")),
          Map.entry(
              "calls",
              Set.of(
                  "asking",
                  "config",
                  "http",
                  "jsonrpc",
                  "outcomes",
                  "replies",
                  "requests",
                  "schema",
                  "waiting")),
          Map.entry("lists", Set.of("config", "jsonrpc", "requests")),
          Map.entry(
              "outcomes", Set.of("config", "http", "jsonrpc", "replies", "requests", "waiting")),
          Map.entry(
              "waiting",
              Set.of(
                  "asking", "config", "http", "jsonrpc", "node", "replies", "requests", "tasks")),
          Map.entry("replies", Set.of("jsonrpc", "requests", "tasks")),
          Map.entry("requests", Set.of("asking", "http", "jsonrpc")),
          Map.entry("tasks", Set.of("http", "node")),
          Map.entry("asking", Set.of()),
          Map.entry("node", Set.of()),
          Map.entry("schema", Set.of()),
          Map.entry("http", Set.of("config", "jsonrpc")),
          Map.entry("jsonrpc", Set.of("config")),
          Map.entry("config", Set.of()));

  /** The new era knows a handshake as not its own; a header that decides comes once in both. */
  private static final Set<String> SAID_ELSEWHERE =
      Set.of("ModernEra.java", "http/SingleHeaders.java");

  private static final Rooms ROOMS = new Rooms("dev.gatehouse.mcp");

  @Test
  void roomsSeeWhatTheMapSaysAndNothingElse() {
    assertThat(ROOMS.arrows()).containsExactlyInAnyOrderEntriesOf(ARROWS);
  }

  @Test
  void theOldEraHasOneDoorAndOneUserOfIt() {
    assertThat(ROOMS.usersOf("legacy")).containsExactly("McpEndpoint -> LegacyEra");
  }

  @Test
  void whatOnlyTheOldEraSaysIsSpelledInItsRoomOnly() throws IOException {
    assertThat(ROOMS.filesThatSay(Rooms.OLD_ERA_WORDS))
        .filteredOn(file -> !file.startsWith("legacy"))
        .map(Path::toString)
        .containsExactlyInAnyOrderElementsOf(SAID_ELSEWHERE);
  }
}
