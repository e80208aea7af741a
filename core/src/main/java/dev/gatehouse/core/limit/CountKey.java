package dev.gatehouse.core.limit;

import dev.gatehouse.core.limit.UsageLimit.Dimension;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Which count: of which limit, in which measure, and of whom.
 *
 * @param of whose it is, by what the limit tells apart; models and tools as the config and the
 *     catalog name them, so that no client makes counts of its own by inventing names
 */
public record CountKey(String limit, Measure measure, Map<Dimension, String> of) {

  /**
   * What every key says, if only that it is of nobody in particular; the others follow if at all.
   */
  private static final List<Dimension> ALWAYS =
      List.of(Dimension.AGENT, Dimension.TEAM, Dimension.MODEL);

  private static final int BEFORE = 2;

  public CountKey {
    Map<Dimension, String> named = new EnumMap<>(Dimension.class);
    of.forEach(
        (dimension, name) -> {
          if (!name.isEmpty()) {
            named.put(dimension, name);
          }
        });
    of = Map.copyOf(named);
  }

  /** The count of the limit that a call falls into which has those names. */
  public static CountKey of(UsageLimit limit, Measure measure, Map<Dimension, String> names) {
    Map<Dimension, String> counted = new EnumMap<>(Dimension.class);
    limit.per().forEach(dimension -> counted.put(dimension, names.getOrDefault(dimension, "")));
    return new CountKey(limit.name(), measure, counted);
  }

  /** Whether it is of one session. */
  boolean isOfSession() {
    return of.containsKey(Dimension.SESSION);
  }

  /** The count of all sessions that have none of their own. */
  CountKey withoutSession() {
    Map<Dimension, String> rest = new EnumMap<>(of);
    rest.remove(Dimension.SESSION);
    return new CountKey(limit, measure, rest);
  }

  /** One word that says all of it, the same in every process. */
  String text() {
    List<String> parts = new ArrayList<>(List.of(limit, measure.name()));
    boolean more = !ALWAYS.containsAll(of.keySet());
    for (Dimension dimension : Dimension.values()) {
      if (more || ALWAYS.contains(dimension)) {
        parts.add(URLEncoder.encode(of.getOrDefault(dimension, ""), StandardCharsets.UTF_8));
      }
    }
    return String.join("|", parts);
  }

  /** The key that such a word says; empty when it says none that this version knows. */
  static Optional<CountKey> parse(String text) {
    String[] parts = text.split("\\|", -1);
    Dimension[] dimensions = Dimension.values();
    if (parts.length != BEFORE + ALWAYS.size() && parts.length != BEFORE + dimensions.length) {
      return Optional.empty();
    }
    try {
      Map<Dimension, String> of = new EnumMap<>(Dimension.class);
      for (int i = BEFORE; i < parts.length; i++) {
        of.put(dimensions[i - BEFORE], URLDecoder.decode(parts[i], StandardCharsets.UTF_8));
      }
      return Optional.of(new CountKey(parts[0], Measure.valueOf(parts[1]), of));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  /** Whose count it is, for people: {@code agent a, model m}; empty for everybody's. */
  public String whose() {
    return of.entrySet().stream()
        .sorted(Map.Entry.comparingByKey())
        .map(one -> one.getKey().word() + ' ' + one.getValue())
        .collect(Collectors.joining(", "));
  }
}
