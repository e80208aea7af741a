package dev.gatehouse.connectors.catalog;

import dev.gatehouse.core.json.Digest;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Gives resources and templates the URIs under which agents see them: their own, while only one
 * connector offers it. Where several do, the connector's name stands before each, as a part of the
 * scheme: {@code files+file:///notes.txt}.
 */
final class ExposedUris {

  private static final int HASH_DIGITS = 8;
  private static final int LEVEL_MAX = 5;
  private static final Contest<Candidate> CONTEST = new Contest<>(ExposedUris::uri, LEVEL_MAX);

  /** What is to be named: its connector and the upstream's URI or template. */
  record Candidate(String connector, String uri) {}

  private ExposedUris() {}

  /** Names all candidates, each differently; they differ in connector or URI. */
  static Map<Candidate, String> of(List<Candidate> candidates) {
    return CONTEST.settle(candidates);
  }

  private static String uri(Candidate candidate, int level) {
    if (level == 0) {
      return candidate.uri();
    }
    String scheme = schemeSafe(candidate.connector());
    if (level == 1) {
      return scheme + '+' + candidate.uri();
    }
    String hash =
        Digest.of(candidate.connector().getBytes(StandardCharsets.UTF_8))
            .hex()
            .substring(0, HASH_DIGITS * (level - 1));
    return scheme + '-' + hash + '+' + candidate.uri();
  }

  /** The name in what a scheme may hold, in lower case as schemes have no case. */
  private static String schemeSafe(String connector) {
    StringBuilder safe = new StringBuilder(connector.length() + 1);
    connector
        .toLowerCase(Locale.ROOT)
        .chars()
        .forEach(c -> safe.append(letter(c) || (c >= '0' && c <= '9') ? (char) c : '-'));
    return letter(safe.charAt(0)) ? safe.toString() : "c" + safe;
  }

  private static boolean letter(int c) {
    return c >= 'a' && c <= 'z';
  }
}
