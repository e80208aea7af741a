package dev.gatehouse.connectors;

import dev.gatehouse.core.json.Digest;
import dev.gatehouse.core.tool.ToolDescriptor;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gives tools the names under which agents see them: {@code prefix__tool}, in letters, digits,
 * {@code _} and {@code -}, at most 64 characters.
 *
 * <p>A name that is too long is cut and ends in a hash of connector and upstream name. Where
 * several tools want the same name, each of them gets its hash: none can take a name over that
 * agents and policies know as another's, and who came first does not matter.
 */
final class ExposedNames {

  private static final Logger LOG = LoggerFactory.getLogger(ExposedNames.class);
  private static final int HASH_DIGITS = 8;
  private static final int LEVEL_MAX = 4;

  /** A tool to be named: its connector, the connector's prefix, the upstream's name for it. */
  record Candidate(String connector, String prefix, String tool) {}

  private ExposedNames() {}

  /** Names all candidates, each differently; they differ in connector or tool. */
  static Map<Candidate, String> of(List<Candidate> candidates) {
    Map<Candidate, Integer> levels = new HashMap<>();
    candidates.forEach(candidate -> levels.put(candidate, 0));
    for (; ; ) {
      Map<String, List<Candidate>> contests = new HashMap<>();
      candidates.forEach(
          candidate ->
              contests
                  .computeIfAbsent(
                      name(candidate, level(levels, candidate)), _ -> new ArrayList<>())
                  .add(candidate));
      if (contests.size() == levels.size()) {
        return names(contests);
      }
      contests.forEach((name, contenders) -> settle(name, contenders, levels));
    }
  }

  private static void settle(
      String name, List<Candidate> contenders, Map<Candidate, Integer> levels) {
    if (contenders.size() < 2) {
      return;
    }
    LOG.warn(
        "{} tools want the name '{}'; each gets a hash: {}", contenders.size(), name, contenders);
    for (Candidate contender : contenders) {
      int level = levels.merge(contender, 1, Integer::sum);
      if (level > LEVEL_MAX) {
        throw new IllegalStateException("two tools have the same connector and name: " + contender);
      }
    }
  }

  private static Map<Candidate, String> names(Map<String, List<Candidate>> contests) {
    Map<Candidate, String> names = new HashMap<>();
    contests.forEach((name, winner) -> names.put(winner.getFirst(), name));
    return names;
  }

  private static int level(Map<Candidate, Integer> levels, Candidate candidate) {
    return levels.getOrDefault(candidate, 0);
  }

  private static String name(Candidate candidate, int level) {
    String plain =
        sanitised(
            candidate.prefix().isEmpty()
                ? candidate.tool()
                : candidate.prefix() + "__" + candidate.tool());
    if (level == 0 && plain.length() <= ToolDescriptor.NAME_LENGTH_MAX) {
      return plain;
    }
    String identity = candidate.connector() + '\0' + candidate.tool();
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
