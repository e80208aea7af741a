package dev.gatehouse.connectors.catalog;

import dev.gatehouse.core.json.Digest;
import dev.gatehouse.core.tool.ToolDescriptor;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/**
 * Gives tools, and likewise prompts, the names under which agents see them: {@code prefix__name},
 * in letters, digits, {@code _} and {@code -}, at most 64 characters.
 *
 * <p>A name that is too long is cut and ends in a hash of connector and upstream name. Where
 * several want the same name, each of them gets its hash.
 */
final class ExposedNames {

  private static final int HASH_DIGITS = 8;
  private static final int LEVEL_MAX = 4;
  private static final Contest<Candidate> CONTEST = new Contest<>(ExposedNames::name, LEVEL_MAX);

  /** What is to be named: its connector, the connector's prefix, the upstream's name for it. */
  record Candidate(String connector, String prefix, String name) {}

  private ExposedNames() {}

  /** Names all candidates, each differently; they differ in connector or name. */
  static Map<Candidate, String> of(List<Candidate> candidates) {
    return CONTEST.settle(candidates);
  }

  private static String name(Candidate candidate, int level) {
    String plain =
        sanitised(
            candidate.prefix().isEmpty()
                ? candidate.name()
                : candidate.prefix() + "__" + candidate.name());
    if (level == 0 && plain.length() <= ToolDescriptor.NAME_LENGTH_MAX) {
      return plain;
    }
    String identity = candidate.connector() + '\0' + candidate.name();
    String hash =
        Digest.of(identity.getBytes(StandardCharsets.UTF_8))
            .hex()
            .substring(0, HASH_DIGITS * Math.max(1, level));
    int room = ToolDescriptor.NAME_LENGTH_MAX - hash.length() - 1;
    return plain.substring(0, Math.min(room, plain.length())) + '_' + hash;
  }

  private static String sanitised(String name) {
    StringBuilder clean = new StringBuilder(name.length());
    name.chars().forEach(c -> clean.append(allowed(c) ? (char) c : '_'));
    return clean.toString();
  }

  private static boolean allowed(int c) {
    return (c >= 'a' && c <= 'z')
        || (c >= 'A' && c <= 'Z')
        || (c >= '0' && c <= '9')
        || c == '_'
        || c == '-';
  }
}
