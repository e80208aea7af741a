package dev.gatehouse.gateway.config;

import dev.gatehouse.core.registry.DeclaredTargets;
import dev.gatehouse.core.registry.Glob;
import dev.gatehouse.core.registry.JobBounds;
import dev.gatehouse.core.registry.Sequence;
import dev.gatehouse.core.registry.Sequence.NeverAfter;
import dev.gatehouse.core.registry.Sequence.RequireBefore;
import dev.gatehouse.core.registry.WorkingHours;
import java.time.DateTimeException;
import java.time.DayOfWeek;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** Reads {@code targets}, {@code data_classes}, {@code hours} and {@code sequences} of an agent. */
final class BoundsReader {

  private static final int WEEK = DayOfWeek.values().length;

  private BoundsReader() {}

  static JobBounds read(Section agent) {
    return new JobBounds(
        agent.has("targets")
            ? Optional.of(new DeclaredTargets(agent.texts("targets")))
            : Optional.empty(),
        agent.has("data_classes")
            ? Optional.of(Set.copyOf(agent.texts("data_classes")))
            : Optional.empty(),
        hours(agent),
        agent.sections("sequences").stream().map(BoundsReader::sequence).toList());
  }

  private static Sequence sequence(Section sequence) {
    return sequence.has("after")
        ? new NeverAfter(new Glob(sequence.text("after", "")), new Glob(sequence.text("never", "")))
        : new RequireBefore(
            new Glob(sequence.text("before", "")), new Glob(sequence.text("require", "")));
  }

  /** One set of hours may stand there without a list around it. */
  private static List<WorkingHours> hours(Section agent) {
    List<Section> sets =
        agent.section("hours").node().isObject()
            ? List.of(agent.section("hours"))
            : agent.sections("hours");
    return sets.stream().map(BoundsReader::oneSet).toList();
  }

  private static WorkingHours oneSet(Section hours) {
    Set<DayOfWeek> days = EnumSet.noneOf(DayOfWeek.class);
    for (String word : hours.texts("days")) {
      String[] ends = word.split("-", -1);
      DayOfWeek last = day(ends[ends.length - 1]);
      DayOfWeek day = day(ends[0]);
      for (int i = 0; i < WEEK && day != last; i++) {
        days.add(day);
        day = day.plus(1);
      }
      days.add(last);
    }
    return new WorkingHours(
        days.isEmpty() ? EnumSet.allOf(DayOfWeek.class) : days,
        time(hours.text("from", "00:00")),
        time(hours.text("to", "24:00")),
        zone(hours.text("zone", "UTC")));
  }

  private static DayOfWeek day(String word) {
    String upper = word.toUpperCase(Locale.ROOT);
    return EnumSet.allOf(DayOfWeek.class).stream()
        .filter(day -> day.name().startsWith(upper))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("no such day: " + word));
  }

  private static LocalTime time(String text) {
    return text.equals("24:00") ? LocalTime.MIDNIGHT : LocalTime.parse(text);
  }

  private static ZoneId zone(String name) {
    try {
      return ZoneId.of(name);
    } catch (DateTimeException e) {
      throw new IllegalArgumentException(
          "'" + name + "' is no time zone; write one such as Europe/London or UTC", e);
    }
  }
}
