package dev.gatehouse.testkit;

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

/**
 * The rooms of a module: the packages below its outermost one, which is the room without a name.
 * Java knows no friend packages, so what a neighbour needs is public; a test that holds the whole
 * map of which room sees which makes up for it.
 */
public final class Rooms {

  /** String constants that only MCP's old era needs: its headers and methods. */
  public static final Pattern OLD_ERA_WORDS =
      Pattern.compile(
          "(?i)\"(mcp-session-id|last-event-id|initialize|notifications/initialized|ping"
              + "|resources/(un)?subscribe|logging/setLevel)\"");

  private final String house;
  private final JavaClasses classes;

  /** Reads the compiled classes of the package {@code house} and of those below, without tests. */
  public Rooms(String house) {
    this.house = house;
    this.classes =
        new ClassFileImporter().withImportOption(new DoNotIncludeTests()).importPackages(house);
  }

  /** What each room sees of the others. */
  public Map<String, Set<String>> arrows() {
    Map<String, Set<String>> seen = new TreeMap<>();
    for (JavaClass type : classes) {
      Set<String> arrows = seen.computeIfAbsent(room(type), _ -> new TreeSet<>());
      for (Dependency dependency : type.getDirectDependenciesFromSelf()) {
        JavaClass target = dependency.getTargetClass().getBaseComponentType();
        if (target.getPackageName().startsWith(house) && !room(target).equals(room(type))) {
          arrows.add(room(target));
        }
      }
    }
    return seen;
  }

  /** The classes outside of a room that use one in it, as {@code User -> Used}. */
  public Set<String> usersOf(String room) {
    Set<String> users = new TreeSet<>();
    for (JavaClass type : classes) {
      for (Dependency dependency : type.getDirectDependenciesFromSelf()) {
        JavaClass target = dependency.getTargetClass().getBaseComponentType();
        if (target.getPackageName().equals(house + "." + room) && !room(type).equals(room)) {
          users.add(type.getSimpleName() + " -> " + target.getSimpleName());
        }
      }
    }
    return users;
  }

  /**
   * The source files of the module in the working directory that say such words, from its house.
   */
  public Set<Path> filesThatSay(Pattern words) throws IOException {
    Path root = Path.of("src/main/java", house.replace('.', '/'));
    Set<Path> files = new TreeSet<>();
    try (Stream<Path> walk = Files.walk(root)) {
      for (Path file : walk.filter(path -> path.toString().endsWith(".java")).toList()) {
        if (words.matcher(Files.readString(file)).find()) {
          files.add(root.relativize(file));
        }
      }
    }
    return files;
  }

  private String room(JavaClass type) {
    String rest = type.getPackageName().substring(house.length());
    return rest.isEmpty() ? "" : rest.substring(1);
  }
}
