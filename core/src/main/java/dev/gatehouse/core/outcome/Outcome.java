package dev.gatehouse.core.outcome;

/** What came of a granted call. */
public sealed interface Outcome {

  /** What the record keeps of it. */
  Evidence evidence();

  /** It was carried out and answered; the answer itself may report an error of the tool. */
  record Completed(Evidence evidence) implements Outcome {}

  /**
   * It was not carried out.
   *
   * @param kind a stable name such as {@code connector_down} or {@code LLMAuthError}
   * @param message for people; no secret, no payload
   */
  record Failed(String kind, String message, Evidence evidence) implements Outcome {}

  /**
   * It was sent, and whether it took effect is unknown: a time-out or a lost connection after
   * sending, or a cancellation.
   *
   * @param reason for people; no secret, no payload
   */
  record Indeterminate(String reason, Evidence evidence) implements Outcome {}
}
