package dev.gatehouse.core.approval;

import dev.gatehouse.core.json.Digest;
import java.time.Instant;

/** What is known of a target's state, against which an approver sees what a call would change. */
public sealed interface TargetState {

  /** Nothing reads the target of this call. */
  record NotRead() implements TargetState {}

  /** It is being read; nobody can approve before it is known. */
  record Reading() implements TargetState {}

  /**
   * It was read.
   *
   * @param value a plain JSON tree
   * @param digest over what counts of it; another one at release voids the approval
   * @param at when
   */
  record Read(Object value, Digest digest, Instant at) implements TargetState {}

  /**
   * It could not be read: what cannot be shown completely can only be denied.
   *
   * @param why for the approver
   */
  record Unreadable(String why) implements TargetState {}
}
