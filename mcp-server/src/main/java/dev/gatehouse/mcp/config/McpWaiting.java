package dev.gatehouse.mcp.config;

import java.time.Duration;

/**
 * How calls that ask their client or take long are held. Every limit is at least 1, every time
 * longer than zero; the config key of each is its name.
 *
 * @param questionsMax questions of one call that its client has not answered yet
 * @param parkedPerAgentMax calls of one agent that wait for their client to send the request again
 * @param parkedHold how long such a call waits, and how long a client may take to answer a question
 * @param approvalLegsMax requests of a client without progress that one waiting for a person may
 *     take; official clients give up at the tenth
 * @param approvalPoll how long {@code approval_wait} holds
 * @param tasksPerAgentMax tasks of one agent that are kept
 * @param taskTtl how long a task is kept, counted from its creation
 * @param taskPoll how often a client should look at a task
 * @param taskBudget for a whole tool call of a client that takes tasks; what takes longer than
 *     {@code callBudget} becomes one
 * @param replayEventsMax events of one session of the old era kept for resumption
 * @param replayBytesMax bytes of those events
 * @param replayHold how long a stream's end can be resumed
 * @param connectionHold after which the connection of a resumable stream is closed, for the client
 *     to resume
 * @param resumeAfter how long the client shall wait before it resumes
 */
public record McpWaiting(
    int questionsMax,
    int parkedPerAgentMax,
    Duration parkedHold,
    int approvalLegsMax,
    Duration approvalPoll,
    int tasksPerAgentMax,
    Duration taskTtl,
    Duration taskPoll,
    Duration taskBudget,
    int replayEventsMax,
    int replayBytesMax,
    Duration replayHold,
    Duration connectionHold,
    Duration resumeAfter) {

  /**
   * A person answers within minutes; a connection is not closed before the call's budget is over,
   * because many clients do not resume.
   */
  public static final McpWaiting DEFAULT =
      new McpWaiting(
          32,
          32,
          Duration.ofMinutes(5),
          9,
          Duration.ofSeconds(50),
          64,
          Duration.ofHours(1),
          Duration.ofSeconds(2),
          Duration.ofMinutes(30),
          256,
          256 << 10,
          Duration.ofMinutes(5),
          Duration.ofHours(1),
          Duration.ofSeconds(1));

  public McpWaiting {
    check("questionsMax", questionsMax);
    check("parkedPerAgentMax", parkedPerAgentMax);
    check("parkedHold", parkedHold);
    check("approvalLegsMax", approvalLegsMax);
    check("approvalPoll", approvalPoll);
    check("tasksPerAgentMax", tasksPerAgentMax);
    check("taskTtl", taskTtl);
    check("taskPoll", taskPoll);
    check("taskBudget", taskBudget);
    check("replayEventsMax", replayEventsMax);
    check("replayBytesMax", replayBytesMax);
    check("replayHold", replayHold);
    check("connectionHold", connectionHold);
    check("resumeAfter", resumeAfter);
  }

  private static void check(String name, int value) {
    if (value < 1) {
      throw new IllegalArgumentException(name + " is at least 1, this is " + value);
    }
  }

  private static void check(String name, Duration value) {
    if (!value.isPositive()) {
      throw new IllegalArgumentException(name + " is longer than zero, this is " + value);
    }
  }
}
