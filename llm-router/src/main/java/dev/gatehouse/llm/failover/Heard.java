package dev.gatehouse.llm.failover;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Everything that a journey was told, in order: with its lanes, limits and draws, this is all that
 * its steps follow from. Plain values, as rows keep them. Not thread-safe.
 */
final class Heard {

  /** Longest time in a row, some 285 years. */
  private static final long MICROS_MAX = (1L << 53) - 1;

  private final List<Map<String, Object>> events = new ArrayList<>(2);

  List<Map<String, Object>> events() {
    return events;
  }

  /** A lane said whether the call may come in. */
  void entry(int lane, Entry entry) {
    Map<String, Object> event = answer(entry);
    event.put("lane", lane);
    events.add(event);
  }

  /** The fleet said so, for the lane that asked it. */
  void answered(Entry entry) {
    Map<String, Object> event = answer(entry);
    event.put("by", "fleet");
    events.add(event);
  }

  private static Map<String, Object> answer(Entry entry) {
    Map<String, Object> event = HashMap.newHashMap(4);
    switch (entry) {
      case Entry.Open _ -> event.put("entry", "open");
      case Entry.Asked _ -> event.put("entry", "asked");
      case Entry.Shut(var exclusion) -> {
        event.put("entry", "shut");
        event.put("why", exclusion.why());
        exclusion.until().ifPresent(until -> event.put("until", until.toString()));
      }
    }
    return event;
  }

  /** The call could not be put into the lane's words. */
  void unsendable(String why, String field) {
    events.add(Map.of("unsendable", why, "field", field));
  }

  /** The lane failed; what the journey did about it is its own. */
  void failed(Fault fault, long leftMicros) {
    Map<String, Object> event = HashMap.newHashMap(6);
    event.put("failed", fault.kind().rowName());
    event.put("status", fault.status());
    event.put("sent", fault.sent());
    event.put("left_us", leftMicros);
    fault.retryAfter().ifPresent(wait -> event.put("retry_after_us", micros(wait)));
    events.add(event);
  }

  /** The answer had begun when the lane failed. */
  void broke() {
    events.getLast().put("begun", true);
  }

  /** The lane is asked once more after a wait. */
  void waits(Duration length) {
    events.getLast().put("wait_us", micros(length));
  }

  /** As exact as rows are, and as journeys therefore decide. */
  static long micros(Duration length) {
    try {
      return Math.clamp(length.toNanos() / 1_000, 0, MICROS_MAX);
    } catch (ArithmeticException e) {
      return length.isNegative() ? 0 : MICROS_MAX; // beyond 292 years
    }
  }
}
