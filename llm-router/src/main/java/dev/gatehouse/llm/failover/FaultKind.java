package dev.gatehouse.llm.failover;

/** What went wrong at a provider. The names are those that rows and replies show. */
public enum FaultKind {
  /** The credential is refused, or may not do this, or not from here. */
  AUTH("LLMAuthError", true),
  /** The credential has no money or quota left. */
  QUOTA("LLMQuotaError", true),
  RATE_LIMIT("LLMRateLimitError", true),
  /** No answer in time; perhaps it was computed, and billed, all the same. */
  TIMEOUT("LLMTimeoutError", true),
  SERVER("LLMServerError", true),
  OVERLOADED("LLMOverloadedError", true),
  /** No connection, or lost before an answer began. */
  CONNECTION("LLMConnectionError", true),
  /** A stream that broke off, fell silent or turned to noise. */
  STREAM("LLMStreamError", true),
  /** The provider does not know the model, or no longer. */
  MODEL_NOT_FOUND("LLMModelNotFoundError", true),
  BAD_REQUEST("LLMBadRequestError", false),
  CONTENT_POLICY("LLMContentPolicyError", false),
  CONTEXT_LENGTH("LLMContextLengthError", false),
  REQUEST_TOO_LARGE("LLMRequestTooLargeError", false),
  /** Longer than the gateway holds. */
  REPLY_TOO_LARGE("LLMReplyTooLargeError", false),
  /** The gateway itself had no connection free. */
  BUSY("LLMGatewayBusyError", false);

  private final String rowName;
  private final boolean providersFault;

  FaultKind(String rowName, boolean providersFault) {
    this.rowName = rowName;
    this.providersFault = providersFault;
  }

  /** The name in rows and replies. */
  public String rowName() {
    return rowName;
  }

  /** Whether it speaks against the lane; a caller's fault never does. */
  public boolean countsAgainstLane() {
    return providersFault;
  }
}
