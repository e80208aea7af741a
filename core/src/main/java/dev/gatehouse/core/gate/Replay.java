package dev.gatehouse.core.gate;

/** The Gate's answer to a call that would be given the outcome of an identical one. */
public sealed interface Replay {

  /**
   * It may be told that outcome once the row is durable; nothing may be carried out.
   *
   * @param intent the row that names both calls
   */
  record Allowed(Intent intent) implements Replay {}

  /** It may not. */
  record Declined(Admission.Refused refused) implements Replay {}
}
