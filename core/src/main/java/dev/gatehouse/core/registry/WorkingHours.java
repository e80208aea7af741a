package dev.gatehouse.core.registry;

import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.zone.ZoneRules;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Times of the week at which an agent works: from the first time that the clocks of its zone show
 * the beginning to the first time that they show the end, the end itself left out. A time that the
 * clocks skip is the moment at which they skip it.
 *
 * @param days on which it begins
 * @param from when it begins
 * @param to when it ends; on the next day when it is no later than {@code from}, a whole day when
 *     both are midnight
 * @param zone whose clocks say so
 */
public record WorkingHours(Set<DayOfWeek> days, LocalTime from, LocalTime to, ZoneId zone) {

  private static final int WEEK = 7;

  public WorkingHours {
    if (days.isEmpty()) {
      throw new IllegalArgumentException("hours name at least one day; write days: [mon-fri]");
    }
    days = Set.copyOf(EnumSet.copyOf(days));
    if (from.equals(to) && !from.equals(LocalTime.MIDNIGHT)) {
      throw new IllegalArgumentException(
          "hours from "
              + from
              + " to "
              + to
              + " are none; a whole day is from \"00:00\" to \"24:00\"");
    }
  }

  /** Whether the moment lies within them. */
  public boolean hold(Instant at) {
    LocalDate today = LocalDate.ofInstant(at, zone);
    return holdSince(today, at) || holdSince(today.minusDays(1), at);
  }

  /** How long it is until they begin again; zero while they hold, empty when they never do. */
  public Optional<Duration> beginIn(Instant at) {
    if (hold(at)) {
      return Optional.of(Duration.ZERO);
    }
    LocalDate today = LocalDate.ofInstant(at, zone);
    for (int i = 0; i <= 2 * WEEK; i++) { // the one of this week may lie in hours that are skipped
      LocalDate day = today.plusDays(i);
      Instant begin = moment(day.atTime(from));
      if (!begin.isBefore(at) && holdSince(day, begin)) {
        return Optional.of(Duration.between(at, begin));
      }
    }
    return Optional.empty();
  }

  private boolean holdSince(LocalDate day, Instant at) {
    if (!days.contains(day.getDayOfWeek())) {
      return false;
    }
    LocalDate last = to.isAfter(from) ? day : day.plusDays(1);
    return !at.isBefore(moment(day.atTime(from))) && at.isBefore(moment(last.atTime(to)));
  }

  private Instant moment(LocalDateTime time) {
    ZoneRules rules = zone.getRules();
    List<ZoneOffset> offsets = rules.getValidOffsets(time); // none in a gap, two in an overlap
    return offsets.isEmpty()
        ? rules.getTransition(time).getInstant()
        : time.toInstant(offsets.getFirst());
  }

  /** As JSON: one set of hours has one tree. */
  Map<String, Object> tree() {
    return Map.of(
        "days",
        days.stream().sorted().map(DayOfWeek::name).toList(),
        "from",
        from.toString(),
        "to",
        to.toString(),
        "zone",
        zone.getId());
  }

  /** As people write it: {@code MONDAY, TUESDAY 08:00 to 18:00 Europe/London}. */
  @Override
  public String toString() {
    String named = String.join(", ", days.stream().sorted().map(DayOfWeek::name).toList());
    return named + " " + from + " to " + to + " " + zone;
  }
}
