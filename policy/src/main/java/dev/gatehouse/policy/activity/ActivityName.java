package dev.gatehouse.policy.activity;

import dev.gatehouse.core.registry.AgentId;
import dev.gatehouse.core.registry.Glob;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What one sum of a fleet counts.
 *
 * @param session whose session; empty where the kind is of an agent, or for calls that name none
 * @param pattern which of its manifest's patterns was called; empty where the kind asks for none
 */
record ActivityName(Kind kind, SessionKey session, String pattern) {

  /** How an agent's or a session's sum is counted. */
  enum Kind {
    /** The agent's calls of a minute, in slots of five seconds. */
    MINUTE('m', 5_000, 12),
    /** Its calls of an hour, in slots of five minutes. */
    HOUR('h', 300_000, 12),
    /** Those of them that named no session. */
    HOUR_WITHOUT_SESSION('n', 300_000, 12),
    /** Calls of a session. */
    SESSION('s', Long.MAX_VALUE, 0),
    /** Calls of a session that were let through and that a pattern fits. */
    BEGUN('b', Long.MAX_VALUE, 0),
    /** Those that were carried out without an error. */
    COMPLETED('c', Long.MAX_VALUE, 0);

    private final char letter;

    /** How long a slot is. */
    final long slotMillis;

    /** The slots that count beside the newest. */
    final int before;

    Kind(char letter, long slotMillis, int before) {
      this.letter = letter;
      this.slotMillis = slotMillis;
      this.before = before;
    }

    /** The slot of that moment. */
    long slot(long millis) {
      return Math.floorDiv(millis, slotMillis);
    }

    /** Whether it is of an agent and not of one of its sessions. */
    boolean isOfAgent() {
      return before > 0;
    }

    /** Whether it counts what a pattern fits. */
    boolean isOfPattern() {
      return this == BEGUN || this == COMPLETED;
    }

    /** Those that are of an agent. */
    static Stream<Kind> ofAgents() {
      return Arrays.stream(values()).filter(Kind::isOfAgent);
    }

    private static Optional<Kind> of(String letter) {
      return Arrays.stream(values())
          .filter(kind -> letter.length() == 1 && letter.charAt(0) == kind.letter)
          .findFirst();
    }
  }

  /** Longest encoded name that is looked at: every character of session and pattern escaped. */
  private static final int LENGTH_MAX = 9 * (SessionKey.LENGTH_MAX + 1 + Glob.LENGTH_MAX) + 70;

  private static final int PARTS = 4;

  /** A sum of an agent. */
  static ActivityName of(Kind kind, AgentId agent) {
    return new ActivityName(kind, new SessionKey(agent, ""), "");
  }

  /** One word that says all of it, the same in every process. */
  String text() {
    List<String> parts = new ArrayList<>(PARTS);
    parts.add(String.valueOf(kind.letter));
    parts.add(session.agent().value());
    parts.add(URLEncoder.encode(session.session(), StandardCharsets.UTF_8));
    parts.add(URLEncoder.encode(pattern, StandardCharsets.UTF_8));
    return String.join("|", parts);
  }

  /** The name that such a word says; empty when it says none that this version knows. */
  static Optional<ActivityName> parse(String text) {
    String[] parts = text.length() > LENGTH_MAX ? new String[0] : text.split("\\|", -1);
    if (parts.length != PARTS || !AgentId.isWellFormed(parts[1])) {
      return Optional.empty();
    }
    try {
      String session = URLDecoder.decode(parts[2], StandardCharsets.UTF_8);
      String pattern = URLDecoder.decode(parts[3], StandardCharsets.UTF_8);
      return Kind.of(parts[0])
          .map(kind -> new ActivityName(kind, key(parts[1], session), pattern))
          .filter(ActivityName::isWhole);
    } catch (IllegalArgumentException e) {
      return Optional.empty(); // an escape that is none
    }
  }

  private static SessionKey key(String agent, String session) {
    return new SessionKey(new AgentId(agent), session);
  }

  private boolean isWhole() {
    return session.session().length() <= SessionKey.LENGTH_MAX + 1
        && (!kind.isOfAgent() || session.session().isEmpty())
        && kind.isOfPattern() != pattern.isEmpty()
        && pattern.length() <= Glob.LENGTH_MAX;
  }
}
