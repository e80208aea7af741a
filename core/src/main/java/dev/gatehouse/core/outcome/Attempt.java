package dev.gatehouse.core.outcome;

import java.time.Duration;

/**
 * One try of one provider.
 *
 * @param provider the provider's name in the config
 * @param model the model asked of it
 * @param ok whether it served
 * @param kind the kind of failure, such as {@code LLMAuthError}; empty when it served
 * @param statusCode its HTTP status; 0 when no response came
 * @param latency from sending to the decision that it serves or fails
 * @param requestId the provider's own id of the request; empty when it gave none
 * @param billing what it used up
 */
public record Attempt(
    String provider,
    String model,
    boolean ok,
    String kind,
    int statusCode,
    Duration latency,
    String requestId,
    Billing billing) {

  /** A try that used up nothing. */
  public Attempt(
      String provider,
      String model,
      boolean ok,
      String kind,
      int statusCode,
      Duration latency,
      String requestId) {
    this(provider, model, ok, kind, statusCode, latency, requestId, Billing.NOTHING);
  }
}
