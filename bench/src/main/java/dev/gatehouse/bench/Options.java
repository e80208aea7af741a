package dev.gatehouse.bench;

import dev.gatehouse.bench.audit.VerifyBench;
import dev.gatehouse.bench.hop.HopPlan.Answers;
import dev.gatehouse.bench.hop.HopPlan.Protocol;
import dev.gatehouse.bench.hop.IdleBench;
import dev.gatehouse.bench.load.LoadPlan;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What the command line asks for.
 *
 * @param bench which bench
 * @param connections numbers of connections (waiters, for audit; rows, for verify), one report each
 * @param length how long one side of one run is measured
 * @param runs how many runs
 * @param jsonOnly whether standard output has nothing but the JSON lines
 * @param protocol what the clients of a hop bench speak
 * @param answers how the upstream answers model calls
 * @param noise whether the bare hop is measured against itself
 * @param bodies whether the gateway keeps what calls say and come to
 * @param recordings where flight recordings of both hops go; empty for none
 */
record Options(
    Bench bench,
    List<Integer> connections,
    Duration length,
    int runs,
    boolean jsonOnly,
    Protocol protocol,
    Answers answers,
    boolean noise,
    boolean bodies,
    Optional<Path> recordings) {

  /** The benches, each with its usual numbers of connections. */
  enum Bench {
    LLM("1,32"),
    MCP("1,32"),
    AUDIT("1,16,64,256,1024"),
    DECIDE("1"),
    IDLE("10000"),
    SOAK("32"),
    VERIFY("1000000");

    private final String usualConnections;

    Bench(String usualConnections) {
      this.usualConnections = usualConnections;
    }

    private static Bench named(String name) {
      return Arrays.stream(values())
          .filter(bench -> bench.name().toLowerCase(Locale.ROOT).equals(name))
          .findFirst()
          .orElseThrow(() -> new IllegalArgumentException("no bench '" + name + "'; see --help"));
    }
  }

  /** Most runs. */
  static final int RUNS_MAX = 100;

  /** Longest soak. */
  static final Duration SOAK_MAX = Duration.ofHours(2);

  private static final int PACE_MS_MAX = 10_000;

  /** Longest measurement of one side of one run. */
  static final Duration LENGTH_MAX = Duration.ofMinutes(2);

  /** Most numbers of connections in one invocation. */
  static final int CONNECTION_COUNTS_MAX = 16;

  private static final Set<String> SWITCHES =
      Set.of("--json", "--anthropic", "--stream", "--translated", "--noise", "--bodies");
  private static final Set<String> VALUES =
      Set.of("--connections", "--seconds", "--rows", "--runs", "--pace-ms", "--jfr");

  static final String USAGE =
      """
      Usage: bench/run llm|mcp|audit|decide|idle|soak|verify [options]

      Measures Gatehouse beside what the same work costs without it, on loopback, and ends with one
      line of JSON for each number of connections. Progress goes to standard error.

        llm      chat completions through auth, decision and durable audit, beside a bare Vert.x hop
        mcp      tool calls in the same way
        audit    rows through canonical form, hash, chain and fsync, beside a bare writer loop
        decide   a decision under a realistic configuration, beside one with nothing to decide
        idle     memory for MCP sessions that do nothing, and for streams on a tenth of them
        soak     memory of the gateway under llm's load for long: before, under it, afterwards
        verify   how fast a record of --rows rows, and its export, are checked

        --connections N[,N...]  connections, or waiters for audit (default llm, mcp: 1,32;
                                audit: 1,16,64,256,1024; decide always has 1); sessions
                                for idle (default 10000)
        --seconds S             length of one side of one run (default 3), of a soak (600)
        --rows N                rows of verify (default 1000000)
        --runs N                runs; each measures the bare side, then ours (default 5)
        --json                  nothing but the JSON lines on standard output
        --anthropic             llm, soak: the Messages wire rather than chat completions
        --stream                llm, soak: streamed answers
        --translated            llm, soak: the gateway's provider speaks the other wire
        --pace-ms MS            llm, soak: time between two events of a stream (default 0)
        --noise                 llm, mcp: the bare hop against itself, to see what is noise
        --bodies                llm, mcp: the gateway keeps arguments, requests and results
        --jfr DIR               llm, mcp: flight recordings of both hops into DIR
        --help                  this text
      """;

  static Options parse(List<String> words) {
    Bench bench = Bench.named(words.isEmpty() ? "" : words.getFirst());
    Set<String> switches = new HashSet<>();
    Map<String, String> values = new HashMap<>();
    Deque<String> rest = new ArrayDeque<>(words.subList(1, words.size()));
    while (!rest.isEmpty()) {
      String word = rest.pop();
      if (SWITCHES.contains(word)) {
        switches.add(word);
      } else if (VALUES.contains(word) && !rest.isEmpty()) {
        values.put(word, rest.pop());
      } else {
        throw new IllegalArgumentException(
            (VALUES.contains(word) ? word + " needs a value" : "no option " + word)
                + "; see --help");
      }
    }
    return new Options(
        bench,
        counts(bench, values),
        length(bench, values),
        number(values, "--runs", "5", RUNS_MAX),
        switches.contains("--json"),
        protocol(bench, switches),
        new Answers(
            switches.contains("--stream"),
            switches.contains("--translated"),
            Duration.ofMillis(pace(values))),
        switches.contains("--noise"),
        switches.contains("--bodies"),
        Optional.ofNullable(values.get("--jfr")).map(folder -> Path.of(folder).toAbsolutePath()));
  }

  private static Duration length(Bench bench, Map<String, String> values) {
    return bench == Bench.SOAK
        ? Duration.ofSeconds(number(values, "--seconds", "600", (int) SOAK_MAX.toSeconds()))
        : Duration.ofSeconds(number(values, "--seconds", "3", (int) LENGTH_MAX.toSeconds()));
  }

  private static int pace(Map<String, String> values) {
    return values.containsKey("--pace-ms") ? number(values, "--pace-ms", "", PACE_MS_MAX) : 0;
  }

  private static Protocol protocol(Bench bench, Set<String> switches) {
    if (bench == Bench.MCP) {
      return Protocol.MCP;
    }
    return switches.contains("--anthropic") ? Protocol.MESSAGES : Protocol.CHAT_COMPLETIONS;
  }

  private static List<Integer> counts(Bench bench, Map<String, String> values) {
    if (bench == Bench.DECIDE) {
      return List.of(1);
    }
    if (bench == Bench.VERIFY) {
      int rows = number(values, "--rows", bench.usualConnections, VerifyBench.ROWS_MAX);
      if (rows < VerifyBench.ROWS_MIN) {
        throw new IllegalArgumentException(
            "--rows takes a number from " + VerifyBench.ROWS_MIN + " on, not " + rows);
      }
      return List.of(rows);
    }
    String[] parts = values.getOrDefault("--connections", bench.usualConnections).split(",", -1);
    if (parts.length > CONNECTION_COUNTS_MAX) {
      throw new IllegalArgumentException(
          "--connections takes up to " + CONNECTION_COUNTS_MAX + " numbers, not " + parts.length);
    }
    int max = bench == Bench.IDLE ? IdleBench.SESSIONS_MAX : LoadPlan.CONNECTIONS_MAX;
    return Arrays.stream(parts).map(part -> number("--connections", part, max)).toList();
  }

  private static int number(Map<String, String> values, String option, String usual, int max) {
    return number(option, values.getOrDefault(option, usual), max);
  }

  private static int number(String option, String text, int max) {
    int value = text.matches("[0-9]{1,8}") ? Integer.parseInt(text) : 0;
    if (value < 1 || value > max) {
      throw new IllegalArgumentException(
          option + " takes a number from 1 to " + max + ", not '" + text + "'");
    }
    return value;
  }
}
