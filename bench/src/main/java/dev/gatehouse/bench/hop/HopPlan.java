package dev.gatehouse.bench.hop;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * What a hop bench does.
 *
 * @param protocol what clients speak
 * @param answers how the upstream answers model calls
 * @param noise whether a second bare hop stands in for the gateway, which shows what a difference
 *     must exceed to mean something
 * @param bodies whether the gateway keeps what calls say and come to beside its record
 * @param warmUp how each hop is loaded before it counts
 * @param connections numbers of connections, one report each
 * @param length how long one side of one run is measured
 * @param runs how many runs
 * @param recordings where flight recordings of both hops go; empty for none
 */
public record HopPlan(
    Protocol protocol,
    Answers answers,
    boolean noise,
    boolean bodies,
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
   * How the upstream answers model calls.
   *
   * @param streaming whether as streams
   * @param translated whether the gateway's provider speaks the other protocol than its clients
   * @param pace time between two events of a stream; zero for all at once
   */
  public record Answers(boolean streaming, boolean translated, Duration pace) {

    /** Whole answers, in the protocol of the clients. */
    public static final Answers WHOLE = new Answers(false, false, Duration.ZERO);
  }

  /** Whether the gateway's provider speaks the messages protocol. */
  boolean messagesUpstream() {
    return (protocol == Protocol.MESSAGES) != answers.translated();
  }

  public HopPlan {
    connections = List.copyOf(connections);
  }

  String bench() {
    return protocol == Protocol.MCP ? "mcp" : "llm";
  }

  Traffic traffic() {
    return switch (protocol) {
      case CHAT_COMPLETIONS -> new LlmTraffic(false, answers.streaming());
      case MESSAGES -> new LlmTraffic(true, answers.streaming());
      case MCP -> new McpTraffic();
    };
  }
}
