package dev.gatehouse.gateway.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.gatehouse.audit.read.AuditReader;
import dev.gatehouse.gateway.config.ConfigException;
import dev.gatehouse.gateway.config.ConfigLoader;
import dev.gatehouse.gateway.config.GatewayConfig;
import dev.gatehouse.gateway.rows.LlmCallRows;
import dev.gatehouse.llm.config.RoutingRecord;
import dev.gatehouse.llm.replay.LlmReplay;
import dev.gatehouse.llm.replay.NotReplayableException;
import dev.gatehouse.llm.replay.RecordedCall;
import dev.gatehouse.llm.replay.Replayed;
import dev.gatehouse.llm.replay.Replayed.Visit;
import dev.gatehouse.policy.check.PolicyExplainer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code gatehouse llm replay}. */
@Command(
    name = "replay",
    description = {
      "Decide an LLM call again from its rows: which providers in which order, who was passed by"
          + " and why, every try and wait. Ends with 0 when all of it is as recorded, else names"
          + " the first difference."
    },
    mixinStandardHelpOptions = true)
final class LlmReplayCommand implements Callable<Integer> {

  private static final ObjectMapper JSON = new ObjectMapper();

  @Mixin private AuditPlace place = new AuditPlace();

  @Parameters(paramLabel = "SEQ", description = "The number of one of the call's rows.")
  private long seq;

  @Option(
      names = "--stream",
      paramLabel = "NAME",
      description = "The stream (default: the newest one).")
  private @Nullable String stream;

  @Option(
      names = "--with",
      paramLabel = "FILE",
      description = "Say what would have happened under this config.")
  private @Nullable Path with;

  @Option(names = "--json", description = "Print JSON.")
  private boolean json;

  @Override
  public Integer call() throws IOException {
    Path dir = place.dir();
    String name = stream == null ? newest(dir) : stream;
    LlmCallRows rows = LlmCallRows.find(dir, name, seq);
    try {
      RecordedCall call = RecordedCall.read(rows.outcome());
      RoutingRecord then =
          rows.routing(call.configDigest())
              .map(RoutingRecord::read)
              .orElseThrow(
                  () ->
                      new CliException(
                          "the routing config "
                              + call.configDigest()
                              + " that decided is not on record in "
                              + name));
      Replayed again = LlmReplay.again(call, then);
      Path file = with;
      Optional<Supposed> supposed =
          file == null ? Optional.empty() : Optional.of(under(file, call, rows));
      if (json) {
        System.out.println(JSON.writeValueAsString(tree(rows, again, supposed)));
      } else {
        print(rows, call, again, supposed);
      }
      return again.difference().isEmpty() ? 0 : 1;
    } catch (NotReplayableException | IllegalArgumentException e) {
      throw new CliException("row " + seq + " of " + name + ": " + e.getMessage(), e);
    }
  }

  /** What another config makes of the call; whether its policies are those of then. */
  private record Supposed(Path file, Replayed replayed, boolean samePolicies) {}

  private static Supposed under(Path file, RecordedCall call, LlmCallRows rows) {
    try {
      GatewayConfig config = ConfigLoader.load(file, System.getenv());
      return new Supposed(
          file,
          LlmReplay.under(call, config.llm()),
          PolicyExplainer.digest(config.governance())
              .hex()
              .equals(rows.intentText("policy_digest")));
    } catch (ConfigException e) {
      throw new CliException("the config file is refused:\n" + e.getMessage(), e);
    }
  }

  private static String newest(Path dir) throws IOException {
    List<String> streams = AuditReader.newestStreams(dir);
    if (streams.size() != 1) {
      throw new CliException(
          streams.isEmpty()
              ? "no rows at " + dir
              : "which stream? name one with --stream, such as " + String.join(", ", streams));
    }
    return streams.getFirst();
  }

  // --- for people --------------------------------------------------------------------------------

  private static void print(
      LlmCallRows rows, RecordedCall call, Replayed again, Optional<Supposed> supposed) {
    System.out.printf(
        "call %s: model %s, route %s, agent %s, policies %s, routing %s%n%n",
        rows.outcome().get("call_id"),
        call.model(),
        again.route().isEmpty() ? "none" : again.route(),
        shortened(rows.intentText("agent_version")),
        shortened(rows.intentText("policy_digest")),
        shortened(again.configDigest()));
    table(again);
    System.out.println(
        again
            .difference()
            .map(difference -> "DIFFERENT: " + difference)
            .orElse("equal: decided again bit for bit"));
    supposed.ifPresent(
        other -> {
          System.out.printf(
              "%nwith %s (routing %s, policies %s):%n%n",
              other.file(),
              shortened(other.replayed().configDigest()),
              other.samePolicies() ? "as then" : "other than then, and not asked here");
          table(other.replayed());
          List<String> differences = LlmReplay.differences(again, other.replayed());
          System.out.println(differences.isEmpty() ? "no difference" : "what differs:");
          differences.forEach(difference -> System.out.println("  " + difference));
        });
  }

  private static void table(Replayed replayed) {
    Table table = new Table("#", "PROVIDER", "MODEL", "STATE", "KNOWN FROM", "WHAT HAPPENED");
    int number = 1;
    for (Visit visit : replayed.visits()) {
      table.add(
          String.valueOf(number++),
          visit.provider(),
          visit.model(),
          visit.state(),
          visit.origin(),
          visit.happened().isEmpty() ? "not reached" : String.join("; ", visit.happened()));
    }
    table.print(System.out, "No provider serves the model.");
    System.out.println("end: " + replayed.end());
  }

  private static String shortened(String digest) {
    return digest.length() > 12 ? digest.substring(0, 12) : digest.isEmpty() ? "unknown" : digest;
  }

  // --- for programs ------------------------------------------------------------------------------

  private static Map<String, Object> tree(
      LlmCallRows rows, Replayed again, Optional<Supposed> supposed) {
    Map<String, Object> tree = new LinkedHashMap<>();
    tree.put("call_id", rows.outcome().get("call_id"));
    tree.put("agent_version", rows.intentText("agent_version"));
    tree.put("policy_digest", rows.intentText("policy_digest"));
    tree.put("equal", again.difference().isEmpty());
    again.difference().ifPresent(difference -> tree.put("difference", difference));
    tree.putAll(tree(again));
    supposed.ifPresent(
        other -> {
          Map<String, Object> would = tree(other.replayed());
          would.put("policies_as_then", other.samePolicies());
          would.put("differences", LlmReplay.differences(again, other.replayed()));
          tree.put("with", would);
        });
    return tree;
  }

  private static Map<String, Object> tree(Replayed replayed) {
    Map<String, Object> tree = new LinkedHashMap<>();
    tree.put("routing_digest", replayed.configDigest());
    tree.put("route", replayed.route());
    tree.put("candidates", replayed.visits().stream().map(LlmReplayCommand::tree).toList());
    tree.put("end", replayed.end());
    return tree;
  }

  private static Map<String, Object> tree(Visit visit) {
    Map<String, Object> tree = new LinkedHashMap<>();
    tree.put("provider", visit.provider());
    tree.put("model", visit.model());
    tree.put("state", visit.state());
    tree.put("origin", visit.origin());
    tree.put("happened", visit.happened());
    return tree;
  }
}
