package dev.gatehouse.policy.publish;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.gatehouse.core.file.WholeFile;
import dev.gatehouse.core.json.CanonicalJson;
import dev.gatehouse.core.json.Digest;
import dev.gatehouse.core.publish.PolicyVersion;
import dev.gatehouse.policy.rules.PolicyRule;
import dev.gatehouse.policy.text.PolicyText;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The directory of versions: {@code 000001.json} and on, which are written once, and {@code
 * in-force.json}, which is replaced whole. Blocks on the disk; one thread at a time.
 */
public final class PolicyShelf {

  /** Most versions of a shelf. */
  static final int VERSIONS_MAX = 10_000;

  private static final String IN_FORCE = "in-force.json";
  private static final long FILE_BYTES_MAX = 16 << 20;
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final TypeReference<Map<String, Object>> TREE = new TypeReference<>() {};

  private final Path directory;
  private final List<PolicyVersion> versions;
  private int inForce;
  private Optional<InForce> order = Optional.empty();
  private List<PolicyRule> rulesInForce = List.of();

  private PolicyShelf(Path directory, List<PolicyVersion> versions) {
    this.directory = directory;
    this.versions = versions;
  }

  /**
   * Reads what there is.
   *
   * @throws IOException when a file is missing or damaged: nobody then knows what is to be refused
   */
  public static PolicyShelf open(Path directory) throws IOException {
    List<PolicyVersion> versions = new ArrayList<>();
    for (int number = 1; Files.exists(file(directory, number)); number++) {
      versions.add(version(file(directory, number), number));
    }
    Path pointer = directory.resolve(IN_FORCE);
    int inForce = Files.exists(pointer) ? number(read(pointer), "number", pointer) : 0;
    if (inForce > versions.size()) {
      throw damaged(pointer, "names version " + inForce + " of " + versions.size());
    }
    PolicyShelf shelf = new PolicyShelf(directory, versions);
    shelf.rulesInForce = shelf.rules(inForce);
    shelf.inForce = inForce;
    shelf.order = Files.exists(pointer) ? order(pointer) : Optional.empty();
    return shelf;
  }

  /** What was last ordered; empty where nothing was, or before orders had names. */
  private static Optional<InForce> order(Path pointer) throws IOException {
    try {
      return read(pointer).get("order") instanceof Map<?, ?> tree
          ? Optional.of(InForce.of(tree))
          : Optional.empty();
    } catch (IllegalArgumentException | DateTimeException e) {
      throw damaged(pointer, "is not whole");
    }
  }

  /** The order that put in force what is; empty where nothing was ordered. */
  Optional<InForce> order() {
    return order;
  }

  /** The number of the version that has exactly this text; empty when there is none. */
  Optional<Integer> find(String text) {
    Digest digest = digest(text);
    return versions.stream()
        .filter(version -> version.digest().equals(digest))
        .map(PolicyVersion::number)
        .findFirst();
  }

  /** The oldest first. */
  List<PolicyVersion> versions() {
    return List.copyOf(versions);
  }

  int inForce() {
    return inForce;
  }

  /** The rules of the version in force. */
  public List<PolicyRule> rulesInForce() {
    return rulesInForce;
  }

  /** The text of a version that there is. */
  String text(int number) throws IOException {
    Path file = file(directory, number);
    String text = text(read(file), "text", file);
    if (!digest(text).equals(versions.get(number - 1).digest())) {
      throw damaged(file, "is not as it was published");
    }
    return text;
  }

  /** The rules of a version; of 0 none. */
  List<PolicyRule> rules(int number) throws IOException {
    if (number == 0) {
      return List.of();
    }
    PolicyText.Parsed parsed = PolicyText.parse(text(number));
    if (!parsed.problems().isEmpty()) {
      throw damaged(file(directory, number), "cannot be read: " + parsed.problems().getFirst());
    }
    return parsed.rules().stream().map(PolicyText.Placed::rule).toList();
  }

  /** Adds the next version; it is durable when this returns, and not in force. */
  PolicyVersion add(String text, int policies, Instant at, String by, String reason)
      throws IOException {
    if (versions.size() >= VERSIONS_MAX) {
      throw new IOException(directory + " holds " + VERSIONS_MAX + " versions, which is the most");
    }
    makeDirectory();
    PolicyVersion version =
        new PolicyVersion(versions.size() + 1, digest(text), policies, at, by, reason);
    WholeFile.replace(
        file(directory, version.number()),
        CanonicalJson.bytes(
            Map.of(
                "v",
                1,
                "number",
                version.number(),
                "digest",
                version.digest().hex(),
                "policies",
                policies,
                "at",
                at.toString(),
                "by",
                by,
                "reason",
                reason,
                "text",
                text)));
    versions.add(version);
    return version;
  }

  /** From now on, durably, that version is in force, which has these rules. */
  void putInForce(int number, List<PolicyRule> rules, InForce ordered) throws IOException {
    makeDirectory();
    WholeFile.replace(
        directory.resolve(IN_FORCE),
        CanonicalJson.bytes(Map.of("v", 1, "number", number, "order", ordered.tree())));
    order = Optional.of(ordered);
    inForce = number;
    rulesInForce = List.copyOf(rules);
  }

  private void makeDirectory() throws IOException {
    if (!Files.isDirectory(directory)) {
      Files.createDirectories(
          directory,
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    }
  }

  private static PolicyVersion version(Path file, int number) throws IOException {
    Map<String, Object> tree = read(file);
    if (number(tree, "number", file) != number) {
      throw damaged(file, "says that it is version " + tree.get("number"));
    }
    try {
      return new PolicyVersion(
          number,
          new Digest(text(tree, "digest", file)),
          number(tree, "policies", file),
          Instant.parse(text(tree, "at", file)),
          text(tree, "by", file),
          text(tree, "reason", file));
    } catch (IllegalArgumentException | DateTimeException e) {
      throw damaged(file, "is not whole");
    }
  }

  private static Map<String, Object> read(Path file) throws IOException {
    if (Files.size(file) > FILE_BYTES_MAX) {
      throw damaged(file, "is larger than " + FILE_BYTES_MAX + " bytes");
    }
    try {
      Map<String, Object> tree = JSON.readValue(Files.readAllBytes(file), TREE);
      if (!Integer.valueOf(1).equals(tree.get("v"))) {
        throw damaged(file, "is of a later version of Gatehouse");
      }
      return tree;
    } catch (JsonProcessingException e) {
      throw damaged(file, "is not whole");
    }
  }

  private static int number(Map<String, Object> tree, String member, Path file) throws IOException {
    if (tree.get(member) instanceof Integer number && number >= 0) {
      return number;
    }
    throw damaged(file, "has no number '" + member + "'");
  }

  private static String text(Map<String, Object> tree, String member, Path file)
      throws IOException {
    if (tree.get(member) instanceof String text) {
      return text;
    }
    throw damaged(file, "has no text '" + member + "'");
  }

  /** What a version of that text is named by. */
  static Digest digest(String text) {
    return Digest.of(text.getBytes(StandardCharsets.UTF_8));
  }

  private static Path file(Path directory, int number) {
    return directory.resolve("%06d.json".formatted(number));
  }

  private static IOException damaged(Path file, String why) {
    return new IOException(
        file
            + " "
            + why
            + ", so nobody knows which published policies hold; restore it, or remove the directory"
            + " to begin with none");
  }
}
