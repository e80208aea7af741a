package dev.gatehouse.gateway.notify;

import java.util.Arrays;

/** What receivers can be told of. */
public enum NoticeKind {
  /** A call waits for people. */
  APPROVAL_REQUESTED("approval.requested"),
  /** A question was answered, or its time ran out, or its approval opened nothing after all. */
  APPROVAL_ENDED("approval.ended"),
  /** An agent does what its manifest does not declare, and goes on. */
  DRIFT_ALERT("drift.alert"),
  /** An agent does it so gravely that it is critical; it is suspended. */
  DRIFT_DETECTED("drift.detected"),
  /** An agent was suspended because it drifted. */
  AGENT_SUSPENDED("agent.suspended"),
  /** An operator stopped something. */
  KILL_SWITCH_STOPPED("kill_switch.stopped"),
  /** An operator let something go on. */
  KILL_SWITCH_LIFTED("kill_switch.lifted");

  private final String word;

  NoticeKind(String word) {
    this.word = word;
  }

  /** Its name in the config and in notices. */
  public String word() {
    return word;
  }

  /**
   * The kind of that name.
   *
   * @throws IllegalArgumentException when there is none
   */
  public static NoticeKind of(String word) {
    return Arrays.stream(values())
        .filter(kind -> kind.word.equals(word))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("no such event: " + word));
  }
}
