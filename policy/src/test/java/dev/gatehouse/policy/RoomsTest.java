package dev.gatehouse.policy;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** The rooms of this module and the arrows between them: this map is all of them. */
final class RoomsTest {

  private static final String HOUSE = "dev.gatehouse.policy";

  /** What each room sees of the others; the outermost has no name. */
  private static final Map<String, Set<String>> ARROWS =
      Map.ofEntries(
          Map.entry(
              "",
              Set.of(
                  "activity", "approval", "condition", "drift", "ranges", "risk", "rules", "stop")),
          Map.entry("check", Set.of("", "condition", "drift", "risk", "rules")),
          Map.entry("lint", Set.of("rules")),
          Map.entry("text", Set.of("condition", "rules")),
          Map.entry("rules", Set.of("condition", "ranges")),
          Map.entry("approval", Set.of("ranges")),
          Map.entry("store", Set.of("approval")),
          Map.entry("activity", Set.of("ranges")),
          Map.entry("risk", Set.of("ranges")),
          Map.entry("stop", Set.of("ranges")),
          Map.entry("drift", Set.of()),
          Map.entry("condition", Set.of()),
          Map.entry("ranges", Set.of()));

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

  private static String room(JavaClass type) {
    String rest = type.getPackageName().substring(HOUSE.length());
    return rest.isEmpty() ? "" : rest.substring(1);
  }
}
