package dev.gatehouse.gateway.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.gatehouse.core.call.OperationType;
import dev.gatehouse.core.call.TargetTier;
import dev.gatehouse.core.tool.ToolDescriptor;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The tools of a running gateway, as its admin API tells them. */
final class LiveTools {

  private static final ObjectMapper JSON = new ObjectMapper();

  private LiveTools() {}

  static List<ToolDescriptor> of(AdminClient admin) {
    List<ToolDescriptor> tools = new ArrayList<>();
    for (JsonNode tool : admin.get("/admin/v1/tools").path("tools")) {
      tools.add(
          new ToolDescriptor(
              tool.path("name").asText(),
              tool.path("connector").asText(),
              tool.path("upstream_name").asText(),
              Map.of("inputSchema", schema(tool.path("input_schema"))),
              OperationType.valueOf(upper(tool.path("operation_type"))),
              tool.path("operation_source").asText(),
              tool.path("connector_class").asText(),
              tool.path("target").asText(),
              TargetTier.valueOf(upper(tool.path("target_tier"))),
              tool.path("quarantined").asBoolean()));
    }
    return tools;
  }

  private static Map<?, ?> schema(JsonNode node) {
    return node.isObject() ? JSON.convertValue(node, Map.class) : Map.of();
  }

  private static String upper(JsonNode word) {
    return word.asText().toUpperCase(Locale.ROOT);
  }
}
