package dev.gatehouse.policy.scenario;

import dev.gatehouse.core.outcome.Evidence.ToolEvidence;
import dev.gatehouse.core.outcome.Outcome;
import dev.gatehouse.core.registry.AgentId;
import dev.gatehouse.core.stop.StopScope;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** What happens in a scenario besides calls, read from its words. */
final class Happening {

  private Happening() {}

  static Outcome outcome(String word) {
    ToolEvidence evidence =
        new ToolEvidence(Duration.ZERO, word.equals("error"), 0, Optional.empty());
    return switch (word) {
      case "completed", "error" -> new Outcome.Completed(evidence);
      case "failed" -> new Outcome.Failed("connector_down", "down", evidence);
      case "indeterminate" -> new Outcome.Indeterminate("timed out", evidence);
      default -> throw new IllegalArgumentException("no outcome: " + word);
    };
  }

  static StopScope scope(Tree stop) {
    stop.only("all", "agent", "connector", "labels");
    if (stop.has("all")) {
      return new StopScope.Everything();
    }
    if (stop.has("agent")) {
      return new StopScope.OneAgent(new AgentId(stop.text("agent", "")));
    }
    if (stop.has("connector")) {
      return new StopScope.OneConnector(stop.text("connector", ""));
    }
    Map<String, String> labels = new LinkedHashMap<>();
    stop.object("labels").forEach((key, value) -> labels.put(key, String.valueOf(value)));
    return new StopScope.Labelled(labels);
  }
}
