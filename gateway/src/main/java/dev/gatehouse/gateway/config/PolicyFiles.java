package dev.gatehouse.gateway.config;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gatehouse.gateway.config.YamlDocument.Place;
import dev.gatehouse.policy.rules.PolicyRule;
import dev.gatehouse.policy.text.PolicyText;
import java.io.IOException;
import java.nio.charset.MalformedInputException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Rules in files of their own: {@code *.yaml} and {@code *.yml} with one rule, a list of rules or a
 * mapping with {@code policies}, and {@code *.policy} in the compact form. Blocks; for virtual
 * threads.
 */
public final class PolicyFiles {

  /** Most files of a directory. */
  public static final int FILES_MAX = 10_000;

  /** Where a rule stands. */
  public record PlacedRule(PolicyRule rule, String file, int line, int column) {

    /** A problem with this rule. */
    public ConfigProblem problem(String message) {
      return new ConfigProblem(file, line, column, message);
    }
  }

  private final List<PlacedRule> rules = new ArrayList<>();
  private final List<ConfigProblem> problems = new ArrayList<>();

  private PolicyFiles() {}

  /**
   * Reads a file, or all files of a directory in the order of their names. A place without any rule
   * is refused: a wrong path, a directory that was not mounted or a file that was cut off would
   * else pass for rules that deny nothing.
   *
   * @throws ConfigException with every problem of every file; the rules are then refused whole
   */
  public static List<PlacedRule> read(Path place) throws ConfigException {
    PolicyFiles reading = new PolicyFiles();
    List<Path> files = files(place);
    for (Path file : files) {
      reading.readFile(file);
    }
    reading.namesAreUnique();
    if (!reading.problems.isEmpty()) {
      throw new ConfigException(reading.problems);
    }
    if (files.isEmpty()) {
      throw refused(
          place, "holds no policy file; looked for *.yaml, *.yml and *.policy directly in it");
    }
    if (reading.rules.isEmpty()) {
      throw refused(place, "holds no policies");
    }
    return List.copyOf(reading.rules);
  }

  /** The files that hold rules. */
  static List<Path> files(Path place) throws ConfigException {
    if (Files.isRegularFile(place)) {
      return List.of(place);
    }
    if (!Files.exists(place)) {
      throw refused(place, "there is no such file or directory");
    }
    try (Stream<Path> entries = Files.list(place)) {
      List<Path> files =
          entries.filter(PolicyFiles::holdsRules).filter(Files::isRegularFile).sorted().toList();
      if (files.size() > FILES_MAX) {
        throw refused(place, "holds " + files.size() + " files; at most " + FILES_MAX);
      }
      return files;
    } catch (IOException e) {
      throw refused(place, "is no readable directory of policies: " + e.getMessage());
    }
  }

  private static boolean holdsRules(Path file) {
    String name = String.valueOf(file.getFileName());
    return !name.startsWith(".")
        && (name.endsWith(".yaml") || name.endsWith(".yml") || name.endsWith(".policy"));
  }

  private void readFile(Path file) throws ConfigException {
    String text = text(file);
    if (file.toString().endsWith(".policy")) {
      readCompact(file, text);
    } else {
      readYaml(file, text);
    }
  }

  private void readCompact(Path file, String text) {
    PolicyText.Parsed parsed = PolicyText.parse(text);
    parsed
        .problems()
        .forEach(
            problem ->
                problems.add(
                    new ConfigProblem(
                        file.toString(), problem.line(), problem.column(), problem.message())));
    parsed
        .rules()
        .forEach(
            placed ->
                rules.add(
                    new PlacedRule(
                        placed.rule(),
                        file.toString(),
                        placed.conditionLine(),
                        placed.conditionColumn())));
  }

  private void readYaml(Path file, String text) {
    Problems found = new Problems(file.toString());
    try {
      YamlDocument written =
          YamlDocument.parse(
              text, _ -> true, new Interpolation(Map.of(), file.resolveSibling(".")), found);
      found.throwIfAny();
      YamlDocument document = asConfig(written);
      SchemaCheck.ofMembers().check(document, found);
      found.throwIfAny();
      Section root = Section.root(document.root());
      if (document.root().size() != 1 || !root.has("policies")) {
        found.add(Place.START, "a policy file holds rules and nothing else");
      }
      List<PolicyRule> read = new GovernanceReader(new Building(document, found)).policies(root);
      found.throwIfAny();
      for (int i = 0; i < read.size(); i++) {
        String pointer = "/policies/" + i;
        boolean conditional = read.get(i).condition().isPresent();
        Place place = document.placeOf(conditional ? pointer + "/if" : pointer);
        rules.add(new PlacedRule(read.get(i), file.toString(), place.line(), place.column()));
      }
    } catch (ConfigException e) {
      problems.addAll(e.problems());
    }
  }

  /** The document as if its rules stood under {@code policies} of a config file. */
  private static YamlDocument asConfig(YamlDocument document) {
    if (document.root().has("policies")) {
      return document;
    }
    ObjectNode root = JsonNodeFactory.instance.objectNode();
    if (document.root().isArray()) {
      root.set("policies", document.root());
      return moved(document, root, "/policies");
    }
    ArrayNode one = root.putArray("policies");
    if (document.root().isEmpty()) {
      return moved(document, root, "/policies");
    }
    one.add(document.root());
    return moved(document, root, "/policies/0");
  }

  private static YamlDocument moved(YamlDocument document, ObjectNode root, String to) {
    return new YamlDocument(root, prefixed(document.values(), to), prefixed(document.keys(), to));
  }

  private static Map<String, Place> prefixed(Map<String, Place> places, String prefix) {
    Map<String, Place> moved = new HashMap<>();
    places.forEach((pointer, place) -> moved.put(prefix + pointer, place));
    return moved;
  }

  private void namesAreUnique() {
    Map<String, PlacedRule> seen = new HashMap<>();
    for (PlacedRule placed : rules) {
      PlacedRule first = seen.putIfAbsent(placed.rule().name(), placed);
      if (first != null) {
        problems.add(
            placed.problem(
                "policy '"
                    + placed.rule().name()
                    + "' stands already in "
                    + first.file()
                    + ":"
                    + first.line()));
      }
    }
  }

  private static String text(Path file) throws ConfigException {
    try {
      if (Files.size(file) > ConfigLoader.FILE_BYTES_MAX) {
        throw refused(file, "is larger than " + ConfigLoader.FILE_BYTES_MAX + " bytes");
      }
      return Files.readString(file);
    } catch (MalformedInputException e) {
      throw refused(file, "is not UTF-8 text");
    } catch (IOException e) {
      throw refused(file, "cannot be read: " + e.getMessage());
    }
  }

  private static ConfigException refused(Path file, String message) {
    return new ConfigException(List.of(new ConfigProblem(file.toString(), 1, 1, message)));
  }
}
