package dev.gatehouse.llm;

import dev.gatehouse.core.outcome.Attempt;
import dev.gatehouse.core.outcome.Exclusion;
import dev.gatehouse.llm.failover.Fault;
import dev.gatehouse.llm.failover.FaultKind;
import dev.gatehouse.llm.failover.Lane;
import dev.gatehouse.llm.translate.UntranslatableException;
import dev.gatehouse.llm.wire.Problem;
import io.vertx.core.buffer.Buffer;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What a client is told when no model answers. */
final class Problems {

  private Problems() {}

  /**
   * Tells the client what the provider said: in the provider's own bytes where both speak the same
   * protocol.
   */
  static void reraise(Exchange exchange, boolean sameProtocol, Try attempt, Fault fault) {
    Lane lane = attempt.lane();
    Headers.response(attempt.headers(), lane.provider(), exchange.reply().headers());
    boolean ownWords = attempt.status() / 100 == 4 && attempt.scan().isError();
    if (sameProtocol && ownWords) {
      byte[] body = Redaction.bytes(attempt.body().getBytes(), lane.provider());
      exchange.end();
      exchange.reply().whole(attempt.status(), Buffer.buffer(body));
      return;
    }
    String said = Redaction.text(fault.message(), lane.provider());
    exchange.problem(
        new Problem(
            attempt.status() / 100 == 4 ? attempt.status() : defaultStatus(fault.kind()),
            fault.code().isEmpty() ? defaultCode(fault.kind()) : fault.code(),
            said.isEmpty() ? defaultMessage(lane, fault) : said));
  }

  private static int defaultStatus(FaultKind kind) {
    return switch (kind) {
      case CONTENT_POLICY, CONTEXT_LENGTH, BAD_REQUEST -> 400;
      case REQUEST_TOO_LARGE -> 413;
      default -> 502;
    };
  }

  private static String defaultCode(FaultKind kind) {
    return switch (kind) {
      case CONTENT_POLICY -> "content_policy_violation";
      case CONTEXT_LENGTH -> "context_length_exceeded";
      case REQUEST_TOO_LARGE -> "request_too_large";
      case REPLY_TOO_LARGE -> "reply_too_large";
      default -> "invalid_request";
    };
  }

  private static String defaultMessage(Lane lane, Fault fault) {
    return "provider " + lane.provider().name() + " refused the request (" + what(fault) + ")";
  }

  private static String what(Fault fault) {
    return fault.kind().rowName() + (fault.status() == 0 ? "" : ", status " + fault.status());
  }

  /** Nobody served, and nobody is left to ask. */
  static Problem exhausted(
      String model,
      List<Lane> lanes,
      List<Attempt> attempts,
      List<Exclusion> excluded,
      @Nullable Fault last,
      @Nullable UntranslatableException untranslatable,
      Clock clock) {
    if (lanes.isEmpty()) {
      return new Problem(
          404,
          "model_not_found",
          "no route serves model '" + model + "' at this endpoint; see GET /v1/models");
    }
    if (last != null) {
      return told(last, attempts, excluded, clock);
    }
    if (untranslatable != null && excluded.stream().allMatch(Problems::isUntranslatable)) {
      return Problem.badRequest(
          untranslatable.field(), String.valueOf(untranslatable.getMessage()));
    }
    return new Problem(
            503,
            "no_provider_available",
            "no provider of model '" + model + "' can be asked now: " + list(excluded))
        .retryAfter(untilFirst(excluded, clock));
  }

  /** Whether that provider will never take this request, however long the client waits. */
  private static boolean isUntranslatable(Exclusion exclusion) {
    return exclusion.why().equals(Ledger.UNTRANSLATABLE);
  }

  private static Problem told(
      Fault last, List<Attempt> attempts, List<Exclusion> excluded, Clock clock) {
    StringBuilder message = new StringBuilder("no provider served:");
    for (Attempt attempt : attempts) {
      message.append(' ').append(attempt.provider()).append(' ').append(attempt.kind());
      if (attempt.statusCode() != 0) {
        message.append(' ').append(attempt.statusCode());
      }
      message.append(';');
    }
    if (!excluded.isEmpty()) {
      message.append(" not asked: ").append(list(excluded)).append(';');
    }
    message.setLength(message.length() - 1);
    Problem problem =
        new Problem(
            switch (last.kind()) {
              case RATE_LIMIT -> 429;
              case TIMEOUT -> 504;
              case OVERLOADED, BUSY -> 503;
              case MODEL_NOT_FOUND -> 404;
              default -> 502;
            },
            last.kind() == FaultKind.MODEL_NOT_FOUND ? "model_not_found" : "no_provider_served",
            message.toString());
    long wait = last.retryAfter().map(Duration::toSeconds).orElse(0L);
    return wait > 0 || excluded.isEmpty()
        ? problem.retryAfter(wait)
        : problem.retryAfter(untilFirst(excluded, clock));
  }

  private static String list(List<Exclusion> excluded) {
    StringBuilder text = new StringBuilder();
    for (Exclusion exclusion : excluded) {
      text.append(text.isEmpty() ? "" : ", ")
          .append(exclusion.provider())
          .append(" (")
          .append(exclusion.why());
      exclusion.until().ifPresent(until -> text.append(" until ").append(until));
      text.append(exclusion.field().isEmpty() ? "" : ": ").append(exclusion.field());
      text.append(')');
    }
    return text.toString();
  }

  /** Seconds until the first of them is considered again; at least one. */
  private static long untilFirst(List<Exclusion> excluded, Clock clock) {
    Optional<Instant> first =
        excluded.stream().map(Exclusion::until).flatMap(Optional::stream).min(Instant::compareTo);
    long millis = first.map(at -> Duration.between(clock.instant(), at).toMillis()).orElse(0L);
    return Math.max(1, (millis + 999) / 1_000);
  }

  /** The stream broke off when the client already had some of it. */
  static Problem interrupted(Lane lane, Fault fault) {
    return new Problem(
        fault.kind() == FaultKind.TIMEOUT ? 504 : 502,
        "stream_interrupted",
        "the answer of provider "
            + lane.provider().name()
            + " is incomplete: it broke off ("
            + what(fault)
            + ")");
  }

  static Problem deadline(Duration deadline, List<Attempt> attempts) {
    return new Problem(
        504,
        "deadline_exceeded",
        "no answer within the deadline of "
            + deadline.toMillis()
            + " ms (llm.deadline), after "
            + attempts.size()
            + " attempts");
  }
}
