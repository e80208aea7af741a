package dev.gatehouse.llm.limit;

import dev.gatehouse.llm.config.Measure;
import dev.gatehouse.llm.config.UsageLimit;
import dev.gatehouse.llm.config.UsageLimit.Dimension;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * Which count: of which limit, in which measure, and of whom. What the limit does not tell apart is
 * empty.
 *
 * @param model as the config names it, so that no client makes counts of its own by inventing names
 */
record CountKey(String limit, Measure measure, String agent, String team, String model) {

  private static final int PARTS = 5;

  static CountKey of(UsageLimit limit, Measure measure, String agent, String team, String model) {
    return new CountKey(
        limit.name(),
        measure,
        limit.per().contains(Dimension.AGENT) ? agent : "",
        limit.per().contains(Dimension.TEAM) ? team : "",
        limit.per().contains(Dimension.MODEL) ? model : "");
  }

  /** One word that says all of it, the same in every process. */
  String text() {
    return String.join("|", limit, measure.name(), coded(agent), coded(team), coded(model));
  }

  private static String coded(String part) {
    return URLEncoder.encode(part, StandardCharsets.UTF_8);
  }

  /** The key that such a word says; empty when it says none that this version knows. */
  static Optional<CountKey> parse(String text) {
    String[] parts = text.split("\\|", -1);
    if (parts.length != PARTS) {
      return Optional.empty();
    }
    try {
      return Optional.of(
          new CountKey(
              parts[0],
              Measure.valueOf(parts[1]),
              decoded(parts[2]),
              decoded(parts[3]),
              decoded(parts[4])));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  private static String decoded(String part) {
    return URLDecoder.decode(part, StandardCharsets.UTF_8);
  }

  /** Whose count it is, for people: {@code agent a, model m}; empty for everybody's. */
  String whose() {
    StringBuilder text = new StringBuilder();
    append(text, "agent", agent);
    append(text, "team", team);
    append(text, "model", model);
    return text.toString();
  }

  private static void append(StringBuilder text, String what, String name) {
    if (!name.isEmpty()) {
      text.append(text.isEmpty() ? "" : ", ").append(what).append(' ').append(name);
    }
  }
}
