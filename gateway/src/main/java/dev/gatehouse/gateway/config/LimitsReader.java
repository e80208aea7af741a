package dev.gatehouse.gateway.config;

import dev.gatehouse.core.limit.Measure;
import dev.gatehouse.core.limit.Measure.Unit;
import dev.gatehouse.core.limit.UsageLimit;
import dev.gatehouse.core.limit.UsageLimit.Dimension;
import dev.gatehouse.core.registry.Glob;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** Reads {@code limits}: those of tools at the top, those of models under {@code llm}. */
final class LimitsReader {

  private static final long NANO_PER_MILLIONTH = 1_000;

  private final Building building;

  LimitsReader(Building building) {
    this.building = building;
  }

  List<UsageLimit> ofTools(Section root) {
    List<UsageLimit> limits = new ArrayList<>();
    Set<String> names = new HashSet<>();
    for (Section section : root.sections("limits")) {
      String name = section.text("name", "");
      if (!names.add(name)) {
        building.problem(section.at("name"), "limit " + name + " is there twice");
      }
      building.attempt(section, () -> limit(section)).ifPresent(limits::add);
    }
    return limits;
  }

  List<UsageLimit> ofModels(Section llm) {
    List<UsageLimit> limits = new ArrayList<>();
    for (Section section : llm.sections("limits")) {
      building.attempt(section, () -> limit(section)).ifPresent(limits::add);
    }
    return limits;
  }

  private static UsageLimit limit(Section section) {
    Map<Measure, Long> amounts = new EnumMap<>(Measure.class);
    for (Measure measure : Measure.values()) {
      String key = measure.name().toLowerCase(Locale.ROOT);
      if (section.has(key)) {
        String text = section.text(key, "0");
        amounts.put(
            measure,
            measure.unit() == Unit.NANO_USD
                ? Math.multiplyExact(MeteringReader.millionths(key, text), NANO_PER_MILLIONTH)
                : Long.parseLong(text));
      }
    }
    return new UsageLimit(
        section.text("name", ""),
        section.texts("per").stream()
            .map(name -> Words.constant(Dimension.class, name))
            .collect(Collectors.toSet()),
        globs(section, "agents"),
        globs(section, "teams"),
        globs(section, "models"),
        globs(section, "tools"),
        amounts);
  }

  private static List<Glob> globs(Section section, String key) {
    return section.texts(key).stream().map(Glob::new).toList();
  }
}
