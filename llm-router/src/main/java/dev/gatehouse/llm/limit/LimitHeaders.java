package dev.gatehouse.llm.limit;

import dev.gatehouse.core.limit.Measure.Unit;
import dev.gatehouse.core.limit.Refusal;
import dev.gatehouse.core.limit.Standing;
import dev.gatehouse.llm.wire.Protocol;
import io.vertx.core.MultiMap;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * The headers by which clients of either provider know how much is left: of the requests and of the
 * tokens, the limit with least left each.
 */
public final class LimitHeaders {

  private static final String OPENAI = "x-ratelimit-";
  private static final String ANTHROPIC = "anthropic-ratelimit-";

  private LimitHeaders() {}

  /** Puts a claim's limits in place of whatever a provider said about its own. */
  public static void set(Claim claim, Protocol protocol, Instant now, MultiMap headers) {
    if (claim.limited()) {
      set(claim.standings(), protocol, now, headers);
    }
  }

  /** The same of the limit that has no room for a call. */
  public static void set(Refusal full, Protocol protocol, MultiMap headers) {
    long left = Math.max(0, full.limit() - full.used());
    Standing standing = new Standing(full.key().measure(), full.limit(), left, full.freeAt());
    set(List.of(standing), protocol, full.now(), headers);
  }

  private static void set(
      List<Standing> standings, Protocol protocol, Instant now, MultiMap headers) {
    for (String name : List.copyOf(headers.names())) {
      String lower = name.toLowerCase(Locale.ROOT);
      if (lower.startsWith(OPENAI) || lower.startsWith(ANTHROPIC)) {
        headers.remove(name);
      }
    }
    for (Unit unit : List.of(Unit.REQUESTS, Unit.TOKENS)) {
      Optional<Standing> tightest =
          standings.stream()
              .filter(standing -> standing.measure().unit() == unit)
              .min(Comparator.comparingLong(Standing::remaining));
      if (tightest.isPresent()) {
        set(tightest.get(), unit.name().toLowerCase(Locale.ROOT), protocol, now, headers);
      }
    }
  }

  private static void set(
      Standing standing, String unit, Protocol protocol, Instant now, MultiMap headers) {
    String limit = Long.toString(standing.limit());
    String remaining = Long.toString(standing.remaining());
    switch (protocol) {
      case CHAT, RESPONSES -> {
        headers.set(OPENAI + "limit-" + unit, limit);
        headers.set(OPENAI + "remaining-" + unit, remaining);
        headers.set(OPENAI + "reset-" + unit, length(Duration.between(now, standing.resetsAt())));
      }
      case MESSAGES -> {
        headers.set(ANTHROPIC + unit + "-limit", limit);
        headers.set(ANTHROPIC + unit + "-remaining", remaining);
        Instant reset = standing.resetsAt().plusMillis(999).truncatedTo(ChronoUnit.SECONDS);
        headers.set(ANTHROPIC + unit + "-reset", reset.toString());
      }
    }
  }

  /** A length as OpenAI writes it: {@code 7m12s}, {@code 350ms}. */
  private static String length(Duration length) {
    long millis = Math.max(0, length.toMillis());
    if (millis < 1_000) {
      return millis + "ms";
    }
    long seconds = Math.ceilDiv(millis, 1_000L);
    StringBuilder text = new StringBuilder();
    if (seconds >= 3_600) {
      text.append(seconds / 3_600).append('h');
    }
    if (seconds >= 60) {
      text.append(seconds % 3_600 / 60).append('m');
    }
    return text.append(seconds % 60).append('s').toString();
  }
}
