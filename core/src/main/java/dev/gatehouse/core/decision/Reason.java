package dev.gatehouse.core.decision;

/**
 * Why a step decided as it did.
 *
 * @param rule the stable name of the rule, such as {@code manifest.tool} or {@code
 *     policy:change-close-over-one}
 * @param message for people: names the thing, the limit and the value, and what to do; no secret,
 *     no payload
 */
public record Reason(String rule, String message) {

  /** The rule by which a token's scopes do not allow a call. */
  public static final String INSUFFICIENT_SCOPE = "scope.insufficient";
}
