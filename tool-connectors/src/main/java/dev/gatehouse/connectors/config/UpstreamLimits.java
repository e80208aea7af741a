package dev.gatehouse.connectors.config;

/**
 * How much to take from an upstream, and how much to give it at once.
 *
 * @param messageBytesMax longest message in either direction: a line, an HTTP body, an SSE event
 * @param definitionBytesMax all definitions of one of its lists together
 * @param toolsMax tools that it may list
 * @param contextEntriesMax resources that it may list; likewise templates, likewise prompts
 * @param pagesMax pages in which it may send a list
 * @param callsMax calls that run on it at the same time
 * @param connectionsMax HTTP connections to it
 * @param questionsMax questions to clients that it may have open at the same time
 * @param subscriptionsMax resources of it that are subscribed to at the same time
 * @param flow how far a conversation with it may go
 */
public record UpstreamLimits(
    int messageBytesMax,
    int definitionBytesMax,
    int toolsMax,
    int contextEntriesMax,
    int pagesMax,
    int callsMax,
    int connectionsMax,
    int questionsMax,
    int subscriptionsMax,
    FlowLimits flow) {

  /** The documented defaults. */
  public static final UpstreamLimits DEFAULTS =
      new UpstreamLimits(
          8 << 20, 4 << 20, 1_000, 10_000, 100, 1_024, 64, 32, 1_000, FlowLimits.DEFAULTS);

  /** The largest {@code messageBytesMax}. */
  public static final int MESSAGE_BYTES_CEILING = 64 << 20;

  public UpstreamLimits {
    within("messageBytesMax", messageBytesMax, 1_024, MESSAGE_BYTES_CEILING);
    within("definitionBytesMax", definitionBytesMax, 1_024, MESSAGE_BYTES_CEILING);
    within("toolsMax", toolsMax, 1, 100_000);
    within("contextEntriesMax", contextEntriesMax, 1, 100_000);
    within("pagesMax", pagesMax, 1, 10_000);
    within("callsMax", callsMax, 1, 100_000);
    within("connectionsMax", connectionsMax, 2, 10_000);
    within("questionsMax", questionsMax, 1, 32);
    within("subscriptionsMax", subscriptionsMax, 1, 100_000);
  }

  /** Those limits, and the documented defaults of what only concerns resources and prompts. */
  public UpstreamLimits(
      int messageBytesMax,
      int definitionBytesMax,
      int toolsMax,
      int pagesMax,
      int callsMax,
      int connectionsMax) {
    this(
        messageBytesMax,
        definitionBytesMax,
        toolsMax,
        DEFAULTS.contextEntriesMax,
        pagesMax,
        callsMax,
        connectionsMax,
        DEFAULTS.questionsMax,
        DEFAULTS.subscriptionsMax,
        FlowLimits.DEFAULTS);
  }

  /** The same with those limits of conversations. */
  public UpstreamLimits with(FlowLimits other) {
    return new UpstreamLimits(
        messageBytesMax,
        definitionBytesMax,
        toolsMax,
        contextEntriesMax,
        pagesMax,
        callsMax,
        connectionsMax,
        questionsMax,
        subscriptionsMax,
        other);
  }

  static void within(String name, int value, int least, int most) {
    if (value < least || value > most) {
      throw new IllegalArgumentException(
          "the limit " + name + " is between " + least + " and " + most + ", not " + value);
    }
  }
}
