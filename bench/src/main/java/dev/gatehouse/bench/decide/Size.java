package dev.gatehouse.bench.decide;

/**
 * How large a company is.
 *
 * @param bench the row of the report
 * @param agents agents that call
 * @param connectors systems that they call
 * @param rulesPerConnector policies for each of them
 * @param calls different calls, a power of two
 * @param bounded whether manifests declare targets, data classes, hours and sequences, and policies
 *     have conditions
 */
record Size(
    String bench, int agents, int connectors, int rulesPerConnector, int calls, boolean bounded) {

  /** 128 agents, 192 policies. */
  static final Size SOME = new Size("decide", 128, 16, 12, 1_024, false);

  /** 10,000 agents that declare all that there is to declare, 1,000 policies. */
  static final Size LARGE = new Size("decide-large", 10_000, 50, 20, 32_768, true);
}
