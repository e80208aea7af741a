package dev.gatehouse.mcp;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The rooms of this module and the arrows between them: this map is all of them. */
final class RoomsTest {

  private static final String HOUSE = "dev.gatehouse.mcp";
  private static final String OLD_ERA = HOUSE + ".legacy";

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

  /** String constants that only the old era needs: headers and methods. */
  private static final Pattern OLD_WORDS =
      Pattern.compile(
          "(?i)\"(mcp-session-id|last-event-id|initialize|notifications/initialized|ping"
              + "|resources/(un)?subscribe|logging/setLevel)\"");

  /** The new era knows a handshake as not its own; a header that decides comes once in both. */
  private static final Set<String> SAID_ELSEWHERE =
      Set.of("ModernEra.java", "http/SingleHeaders.java");

  private static final JavaClasses CLASSES =
      new ClassFileImporter().withImportOption(new DoNotIncludeTests()).importPackages(HOUSE);

  @Test
  void roomsSeeWhatTheMapSaysAndNothingElse() {
    Map<String, Set<String>> seen = new TreeMap<>();
    for (JavaClass type : CLASSES) {
      Set<String> arrows = seen.computeIfAbsent(room(type), _ -> new TreeSet<>());
      for (Dependency dependency : type.getDirectDependenciesFromSelf()) {
        JavaClass target = dependency.getTargetClass().getBaseComponentType();
        if (target.getPackageName().startsWith(HOUSE) && !room(target).equals(room(type))) {
          arrows.add(room(target));
        }
      }
    }

    assertThat(seen).containsExactlyInAnyOrderEntriesOf(ARROWS);
  }

  @Test
  void theOldEraHasOneDoorAndOneUserOfIt() {
    Set<String> doors = new TreeSet<>();
    for (JavaClass type : CLASSES) {
      for (Dependency dependency : type.getDirectDependenciesFromSelf()) {
        JavaClass target = dependency.getTargetClass().getBaseComponentType();
        if (target.getPackageName().equals(OLD_ERA) && !room(type).equals("legacy")) {
          doors.add(type.getSimpleName() + " -> " + target.getSimpleName());
        }
      }
    }

    assertThat(doors).containsExactly("McpEndpoint -> LegacyEra");
  }

  @Test
  void whatOnlyTheOldEraSaysIsSpelledInItsRoomOnly() throws IOException {
    Path house = Path.of("src/main/java", HOUSE.replace('.', '/'));
    Set<String> elsewhere = new TreeSet<>();
    try (Stream<Path> walk = Files.walk(house)) {
      for (Path file : walk.filter(path -> path.toString().endsWith(".java")).toList()) {
        if (!file.startsWith(house.resolve("legacy"))
            && OLD_WORDS.matcher(Files.readString(file)).find()) {
          elsewhere.add(house.relativize(file).toString());
        }
      }
    }

    assertThat(elsewhere).isEqualTo(SAID_ELSEWHERE);
  }

  private static String room(JavaClass type) {
    String rest = type.getPackageName().substring(HOUSE.length());
    return rest.isEmpty() ? "" : rest.substring(1);
  }
}
