package dev.gatehouse.bench.hop;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * What a hop bench does.
 *
 * @param protocol what clients speak
 * @param streaming whether model answers are streamed
 * @param noise whether a second bare hop stands in for the gateway, which shows what a difference
 *     must exceed to mean something
 * @param warmUp how each hop is loaded before it counts
 * @param connections numbers of connections, one report each
 * @param length how long one side of one run is measured
 * @param runs how many runs
 * @param recordings where flight recordings of both hops go; empty for none
 */
public record HopPlan(
    Protocol protocol,
    boolean streaming,
    boolean noise,
    WarmUp warmUp,
    List<Integer> connections,
    Duration length,
    int runs,
    Optional<Path> recordings) {

  /** What clients of a hop speak. */
  public enum Protocol {
    CHAT_COMPLETIONS,
    MESSAGES,
    MCP
  }

  /**
   * Load that does not count, so that the compiler has seen what is hot. Work rather than time: on
   * a busy machine the same number of answers takes longer.
   *
   * @param answers enough when a hop has given that many
   * @param atMost enough in any case
   */
  public record WarmUp(long answers, Duration atMost) {}

  public HopPlan {
    connections = List.copyOf(connections);
  }

  String bench() {
    return protocol == Protocol.MCP ? "mcp" : "llm";
  }

  Traffic traffic() {
    return switch (protocol) {
      case CHAT_COMPLETIONS -> new LlmTraffic(false, streaming);
      case MESSAGES -> new LlmTraffic(true, streaming);
      case MCP -> new McpTraffic();
    };
  }
}
