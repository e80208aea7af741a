package dev.gatehouse.connectors;

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

  private static final String HOUSE = "dev.gatehouse.connectors";

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

  /**
   * String constants that only the old era needs, headers and methods; a config key may be of the
   * same name, and names headers that nobody may configure.
   */
  private static final Pattern OLD_WORDS =
      Pattern.compile(
          "(?i)\"(mcp-session-id|last-event-id|initialize|notifications/initialized|ping"
              + "|resources/(un)?subscribe|logging/setLevel)\"");

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
  void theOldEraIsKnownByOneRoomOnlyAndKnowsNothingOfTheNew() {
    assertThat(ARROWS.entrySet())
        .filteredOn(arrows -> arrows.getValue().contains("legacy"))
        .extracting(Map.Entry::getKey)
        .containsExactly("negotiation");
    assertThat(ARROWS.get("legacy")).doesNotContain("modern");
  }

  @Test
  void whatOnlyTheOldEraSaysIsSpelledInItsRoomOnly() throws IOException {
    Path house = Path.of("src/main/java", HOUSE.replace('.', '/'));
    Set<String> rooms = new TreeSet<>();
    try (Stream<Path> walk = Files.walk(house)) {
      for (Path file : walk.filter(path -> path.toString().endsWith(".java")).toList()) {
        if (OLD_WORDS.matcher(Files.readString(file)).find()) {
          rooms.add(house.relativize(file).getName(0).toString());
        }
      }
    }

    assertThat(rooms).containsExactly("config", "legacy");
  }

  private static String room(JavaClass type) {
    String rest = type.getPackageName().substring(HOUSE.length());
    return rest.isEmpty() ? "" : rest.substring(1);
  }
}
