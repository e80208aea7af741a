package dev.gatehouse.gateway.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gatehouse.audit.index.RowQuery.Criterion;
import dev.gatehouse.audit.row.StoredRow;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which rows somebody wants to see, by what they say. */
final class RowFilter {

  private static final ObjectMapper JSON = new ObjectMapper();

  /** Those of decisions, and that of a call that is told an earlier outcome. */
  static final List<String> VERDICTS =
      List.of("allow", "approval_required", "deny", "replay", "throttle");

  @Option(names = "--agent", paramLabel = "NAME", description = "Rows of this agent.")
  private @Nullable String agent;

  @Option(names = "--session", paramLabel = "ID", description = "Rows of this session.")
  private @Nullable String session;

  @Option(names = "--tool", paramLabel = "NAME", description = "Calls of this tool.")
  private @Nullable String tool;

  @Option(
      names = "--provider",
      paramLabel = "NAME",
      description = "Outcomes for which this provider was asked, whether it answered or failed.")
  private @Nullable String provider;

  @Option(
      names = "--verdict",
      paramLabel = "WORD",
      description = {
        "One of allow, approval_required, deny, replay, throttle; the outcome of a call that was"
            + " allowed counts as allow."
      })
  private @Nullable String verdict;

  @Option(names = "--outcome", paramLabel = "WORD", description = "Such as completed or failed.")
  private @Nullable String outcome;

  /**
   * What was named.
   *
   * @throws CliException when rows never say so
   */
  Map<Criterion, String> criteria() {
    if (verdict != null && !VERDICTS.contains(verdict)) {
      throw new CliException(
          "--verdict: one of " + String.join(", ", VERDICTS) + ", not '" + verdict + "'");
    }
    Map<Criterion, String> named = new EnumMap<>(Criterion.class);
    put(named, Criterion.AGENT, agent);
    put(named, Criterion.SESSION, session);
    put(named, Criterion.TOOL, tool);
    put(named, Criterion.PROVIDER, provider);
    put(named, Criterion.VERDICT, verdict);
    put(named, Criterion.OUTCOME, outcome);
    return named;
  }

  private static void put(
      Map<Criterion, String> named, Criterion criterion, @Nullable String value) {
    if (value != null) {
      named.put(criterion, value);
    }
  }

  /** A row as one line of JSON, with its place. */
  static String json(StoredRow row) throws JsonProcessingException {
    ObjectNode tree = (ObjectNode) JSON.readTree(row.json());
    ObjectNode at = tree.putObject("audit");
    at.put("stream", row.receipt().stream())
        .put("seq", row.receipt().seq())
        .put("link", row.receipt().link())
        .put("at", row.at().toString());
    return JSON.writeValueAsString(tree);
  }
}
