package dev.gatehouse.connectors;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Mends tool definitions that break the MCP schema, as strict clients refuse a whole list for one
 * of them: members of the wrong type are left out, a missing input schema becomes the empty one.
 * Members that MCP does not define stay as they are.
 */
final class ToolDefinitions {

  private static final Map<String, Class<?>> MEMBERS =
      Map.of(
          "title", String.class,
          "description", String.class,
          "inputSchema", Map.class,
          "outputSchema", Map.class,
          "annotations", Map.class,
          "execution", Map.class,
          "icons", List.class,
          "_meta", Map.class);

  private static final Set<String> HINTS =
      Set.of("readOnlyHint", "destructiveHint", "idempotentHint", "openWorldHint");

  private ToolDefinitions() {}

  /** The definition as strict clients accept it; the same where it is sound. */
  static Map<String, Object> mended(Map<String, Object> definition) {
    Map<String, Object> mended = new LinkedHashMap<>(definition);
    mended.entrySet().removeIf(ToolDefinitions::wrongType);
    if (mended.containsKey("annotations")) {
      Map<String, Object> annotations = new LinkedHashMap<>(Json.object(mended, "annotations"));
      annotations.entrySet().removeIf(ToolDefinitions::wrongHint);
      mended.put("annotations", annotations);
    }
    Map<String, Object> schema = Json.object(mended, "inputSchema");
    if (!"object".equals(schema.get("type"))) {
      Map<String, Object> object = new LinkedHashMap<>(schema);
      object.put("type", "object");
      mended.put("inputSchema", object);
    }
    return mended;
  }

  private static boolean wrongType(Map.Entry<String, Object> member) {
    Class<?> type = MEMBERS.get(member.getKey());
    return type != null && !type.isInstance(member.getValue());
  }

  private static boolean wrongHint(Map.Entry<String, Object> hint) {
    if (hint.getKey().equals("title")) {
      return !(hint.getValue() instanceof String);
    }
    return HINTS.contains(hint.getKey()) && !(hint.getValue() instanceof Boolean);
  }
}
