package dev.gatehouse.llm.failover;

import java.time.Duration;
import java.util.Optional;

/**
 * A failed try.
 *
 * @param status the provider's HTTP status; 0 when none came
 * @param sent whether the request may have reached the provider, and so may have been computed
 * @param retryAfter what the provider asked to wait
 * @param code the provider's own code for it; may be empty
 * @param message the provider's own words, for a re-raised error only; may be empty
 */
public record Fault(
    FaultKind kind,
    int status,
    boolean sent,
    Optional<Duration> retryAfter,
    String code,
    String message) {

  /** A fault without words of the provider. */
  public static Fault of(FaultKind kind, int status, boolean sent) {
    return new Fault(kind, status, sent, Optional.empty(), "", "");
  }

  /** What the call does about it. */
  public Reaction reaction() {
    return switch (kind) {
      case AUTH, QUOTA, OVERLOADED, TIMEOUT, STREAM, MODEL_NOT_FOUND, BUSY -> Reaction.NEXT;
      case RATE_LIMIT -> retryAfter.isPresent() ? Reaction.RETRY_THEN_NEXT : Reaction.NEXT;
      case SERVER -> status == 500 ? Reaction.RETRY_THEN_NEXT : Reaction.NEXT;
      case CONNECTION -> sent ? Reaction.RETRY_THEN_NEXT : Reaction.NEXT;
      case CONTEXT_LENGTH -> Reaction.LARGER_CONTEXT;
      case REQUEST_TOO_LARGE -> Reaction.LARGER_BODY;
      case BAD_REQUEST, CONTENT_POLICY, REPLY_TOO_LARGE -> Reaction.RERAISE;
    };
  }
}
