package dev.gatehouse.connectors.config;

/**
 * How far a conversation with an upstream may go, and how much of it may wait.
 *
 * @param roundsMax how often a server may ask within one call
 * @param repeatsMax how often a server may have one call made again without a question
 * @param taskFailuresMax looks at a task that may fail in a row
 * @param resumesMax how often the event stream of one answer is resumed
 * @param postsMax notifications and answers that may be on their way to it at the same time
 * @param waitingMessagesMax messages that may wait to be read by a child
 * @param waitingBytesMax bytes that may wait likewise; a single message may always wait alone
 * @param elicitationsMax persons sent to a URL of whom a session knows at the same time
 * @param givenUpMax given-up calls of which a session knows at the same time; beyond that, no
 *     question without a call reaches anybody
 * @param linksMax links to resources that it does not list of which it is known who may read them
 */
public record FlowLimits(
    int roundsMax,
    int repeatsMax,
    int taskFailuresMax,
    int resumesMax,
    int postsMax,
    int waitingMessagesMax,
    int waitingBytesMax,
    int elicitationsMax,
    int givenUpMax,
    int linksMax) {

  /** The documented defaults. */
  public static final FlowLimits DEFAULTS =
      new FlowLimits(10, 100, 5, 10, 64, 1_024, 32 << 20, 256, 1_024, 1_000);

  public FlowLimits {
    UpstreamLimits.within("roundsMax", roundsMax, 1, 100);
    UpstreamLimits.within("repeatsMax", repeatsMax, 1, 1_000);
    UpstreamLimits.within("taskFailuresMax", taskFailuresMax, 1, 100);
    UpstreamLimits.within("resumesMax", resumesMax, 0, 100);
    UpstreamLimits.within("postsMax", postsMax, 1, 10_000);
    UpstreamLimits.within("waitingMessagesMax", waitingMessagesMax, 1, 100_000);
    UpstreamLimits.within("waitingBytesMax", waitingBytesMax, 1_024, 1 << 30);
    UpstreamLimits.within("elicitationsMax", elicitationsMax, 1, 100_000);
    UpstreamLimits.within("givenUpMax", givenUpMax, 1, 100_000);
    UpstreamLimits.within("linksMax", linksMax, 1, 100_000);
  }
}
