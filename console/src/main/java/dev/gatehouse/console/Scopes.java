package dev.gatehouse.console;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gatehouse.core.registry.AgentId;
import dev.gatehouse.core.stop.StopScope;
import dev.gatehouse.core.stop.StopScope.Everything;
import dev.gatehouse.core.stop.StopScope.Labelled;
import dev.gatehouse.core.stop.StopScope.OneAgent;
import dev.gatehouse.core.stop.StopScope.OneConnector;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The kill switch's scopes as JSON: exactly one of all, agent, connector and labels. */
final class Scopes {

  private static final String FORM =
      "scope is one of {\"all\": true}, {\"agent\": ID}, {\"connector\": NAME},"
          + " {\"labels\": {KEY: VALUE}}";

  private Scopes() {}

  static StopScope of(@Nullable JsonNode scope) {
    if (!(scope instanceof ObjectNode object) || object.size() != 1) {
      throw new BadRequestException(FORM);
    }
    Map.Entry<String, JsonNode> only = object.properties().iterator().next();
    return switch (only.getKey()) {
      case "all" -> everything(only.getValue());
      case "agent" -> new OneAgent(new AgentId(text(only.getValue())));
      case "connector" -> new OneConnector(text(only.getValue()));
      case "labels" -> new Labelled(labels(only.getValue()));
      default -> throw new BadRequestException(FORM);
    };
  }

  static Map<String, Object> tree(StopScope scope) {
    return switch (scope) {
      case Everything _ -> Map.of("all", true);
      case OneAgent(var agent) -> Map.of("agent", agent.value());
      case OneConnector(var connector) -> Map.of("connector", connector);
      case Labelled(var labels) -> Map.of("labels", labels);
    };
  }

  private static StopScope everything(JsonNode node) {
    if (!node.isBoolean() || !node.booleanValue()) {
      throw new BadRequestException(FORM);
    }
    return new Everything();
  }

  private static Map<String, String> labels(JsonNode node) {
    Map<String, String> labels = new HashMap<>();
    node.properties().forEach(label -> labels.put(label.getKey(), text(label.getValue())));
    return labels;
  }

  private static String text(JsonNode node) {
    if (!node.isTextual() || node.textValue().isBlank()) {
      throw new BadRequestException(FORM);
    }
    return node.textValue();
  }
}
