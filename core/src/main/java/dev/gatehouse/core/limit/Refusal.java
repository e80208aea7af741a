package dev.gatehouse.core.limit;

import dev.gatehouse.core.decision.Decision;
import dev.gatehouse.core.decision.Reason;
import dev.gatehouse.core.limit.Measure.Span;
import dev.gatehouse.core.limit.Measure.Unit;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/**
 * Why a call gets nothing of a limit.
 *
 * @param needed what the call would have taken
 * @param freeAt when it would fit, if nothing more is used up
 */
public record Refusal(
    CountKey key, long limit, long used, long needed, Instant freeAt, Instant now) {

  private static final int NANO_DECIMALS = 9;

  /** The rule that rows and replies name. */
  public String rule() {
    return family(key.measure().unit()) + key.limit();
  }

  /** What the names of rules begin with that limit something in that unit. */
  static String family(Unit unit) {
    return unit == Unit.CALLS ? "limits." : "llm.limits.";
  }

  /** The demand that stands against the call. */
  public Decision demand() {
    return new Decision.Throttle(new Reason(rule(), message()), delay());
  }

  /** Whether it is a budget, which nobody should wait for as for a rate. */
  public boolean budget() {
    return key.measure().span() != Span.MINUTE;
  }

  /** What is counted: {@code requests}, {@code tokens}, {@code nano_usd} or {@code calls}. */
  public String unit() {
    return key.measure().unit().name().toLowerCase(Locale.ROOT);
  }

  /** How long the call would have to wait; at least a second. */
  public Duration delay() {
    long millis = Duration.between(now, freeAt).toMillis();
    return Duration.ofSeconds(Math.max(1, Math.ceilDiv(millis, 1_000L)));
  }

  /** For people: which limit, how much, who used it, and when there is more. */
  public String message() {
    String whose = key.whose();
    return "limit "
        + key.limit()
        + (whose.isEmpty() ? "" : " of " + whose)
        + " is "
        + amount(key.measure(), limit)
        + ": "
        + plain(key.measure().unit(), used)
        + " are used, this call may take "
        + plain(key.measure().unit(), needed)
        + (needed > limit ? ", which never fits" : "")
        + "; it resets at "
        + freeAt.truncatedTo(ChronoUnit.MILLIS);
  }

  /** The same for programs. */
  public Map<String, Object> details() {
    Map<String, Object> details = new LinkedHashMap<>();
    details.put("rule", rule());
    details.put("measure", key.measure().name().toLowerCase(Locale.ROOT));
    details.put("unit", unit());
    details.put("limit", limit);
    details.put("used", used);
    details.put("needed", needed);
    details.put("resets_at", freeAt.truncatedTo(ChronoUnit.MILLIS).toString());
    return details;
  }

  private static String amount(Measure measure, long amount) {
    String span = measure.span().name().toLowerCase(Locale.ROOT);
    return plain(measure.unit(), amount)
        + switch (measure.unit()) {
          case REQUESTS -> " requests per ";
          case TOKENS -> " tokens per ";
          case CALLS -> " calls per ";
          case NANO_USD -> " per ";
        }
        + span;
  }

  private static String plain(Unit unit, long amount) {
    return unit == Unit.NANO_USD
        ? BigDecimal.valueOf(amount, NANO_DECIMALS).stripTrailingZeros().toPlainString() + " USD"
        : Long.toString(amount);
  }
}
