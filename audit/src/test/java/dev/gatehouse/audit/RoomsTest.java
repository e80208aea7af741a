package dev.gatehouse.audit;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** The rooms of this module and the arrows between them: this map is all of them. */
final class RoomsTest {

  private static final String HOUSE = "dev.gatehouse.audit";

  /** What each room sees of the others; the outermost has no name. */
  private static final Map<String, Set<String>> ARROWS =
      Map.ofEntries(
          Map.entry(
              "",
              Set.of(
                  "chain",
                  "disk",
                  "note",
                  "recovery",
                  "row",
                  "segment",
                  "sign",
                  "witness",
                  "write")),
          Map.entry("chain", Set.of()),
          Map.entry("disk", Set.of()),
          Map.entry("segment", Set.of("chain")),
          Map.entry("row", Set.of("chain", "note")),
          Map.entry("note", Set.of("chain", "disk")),
          Map.entry("witness", Set.of("chain", "disk", "note")),
          Map.entry("write", Set.of("chain", "disk", "row", "segment")),
          Map.entry("sign", Set.of("chain", "disk", "note", "row", "segment", "witness", "write")),
          Map.entry("verify", Set.of("chain", "note", "row", "segment", "witness")),
          Map.entry(
              "recovery", Set.of("chain", "disk", "note", "row", "segment", "verify", "witness")),
          Map.entry(
              "export", Set.of("chain", "disk", "note", "row", "segment", "verify", "witness")),
          Map.entry("proof", Set.of("chain", "note", "row", "segment", "witness")),
          Map.entry("read", Set.of("chain", "row", "segment")),
          Map.entry("index", Set.of("chain", "disk", "read", "row")),
          Map.entry("projection", Set.of("chain", "read", "row")));

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
  void whoJudgesTheRecordSharesNoCodeWithWhoWritesIt() {
    assertThat(List.of("verify", "export", "proof", "read", "index", "projection"))
        .allSatisfy(room -> assertThat(ARROWS.get(room)).doesNotContain("write", "sign", ""));
  }

  private static String room(JavaClass type) {
    String rest = type.getPackageName().substring(HOUSE.length());
    return rest.isEmpty() ? "" : rest.substring(1);
  }
}
