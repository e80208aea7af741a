package dev.gatehouse.connectors.offer;

import dev.gatehouse.connectors.json.Json;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Mends definitions that break the MCP schema, as strict clients refuse a whole list for one of
 * them: members of the wrong type are left out, a missing input schema becomes the empty one, a
 * resource without a name gets its URI for one. Members that MCP does not define stay as they are.
 */
public final class Definitions {

  private static final Map<String, Class<?>> SHARED =
      Map.of(
          "title", String.class,
          "description", String.class,
          "annotations", Map.class,
          "icons", List.class,
          "_meta", Map.class);

  private static final Map<String, Class<?>> OF_TOOLS =
      Map.of("inputSchema", Map.class, "outputSchema", Map.class, "execution", Map.class);

  private static final Map<String, Class<?>> OF_RESOURCES =
      Map.of("name", String.class, "mimeType", String.class, "size", Number.class);

  private static final Map<String, Class<?>> OF_PROMPTS = Map.of("arguments", List.class);

  private static final Map<String, Class<?>> OF_ARGUMENTS =
      Map.of("title", String.class, "description", String.class, "required", Boolean.class);

  private static final Set<String> HINTS =
      Set.of("readOnlyHint", "destructiveHint", "idempotentHint", "openWorldHint");

  private Definitions() {}

  /** The definition as strict clients accept it; the same where it is sound. */
  public static Map<String, Object> mended(ListKind kind, Map<String, Object> definition) {
    Map<String, Object> mended = new LinkedHashMap<>(definition);
    mended.entrySet().removeIf(member -> wrongType(SHARED, member));
    switch (kind) {
      case TOOLS -> mendTool(mended);
      case RESOURCES, TEMPLATES -> mendResource(kind, mended);
      case PROMPTS -> mendPrompt(mended);
    }
    return mended;
  }

  private static void mendTool(Map<String, Object> tool) {
    tool.entrySet().removeIf(member -> wrongType(OF_TOOLS, member));
    if (tool.containsKey("annotations")) {
      Map<String, Object> annotations = new LinkedHashMap<>(Json.object(tool, "annotations"));
      annotations.entrySet().removeIf(Definitions::wrongHint);
      tool.put("annotations", annotations);
    }
    Map<String, Object> schema = Json.object(tool, "inputSchema");
    if (!"object".equals(schema.get("type"))) {
      Map<String, Object> object = new LinkedHashMap<>(schema);
      object.put("type", "object");
      tool.put("inputSchema", object);
    }
  }

  private static void mendResource(ListKind kind, Map<String, Object> resource) {
    resource.entrySet().removeIf(member -> wrongType(OF_RESOURCES, member));
    if (resource.containsKey("annotations")) {
      Map<String, Object> annotations = new LinkedHashMap<>(Json.object(resource, "annotations"));
      annotations.entrySet().removeIf(Definitions::wrongAnnotation);
      resource.put("annotations", annotations);
    }
    if (Json.text(resource, "name").isEmpty()) {
      resource.put("name", Json.text(resource, kind.key()));
    }
  }

  private static void mendPrompt(Map<String, Object> prompt) {
    prompt.entrySet().removeIf(member -> wrongType(OF_PROMPTS, member));
    if (prompt.get("arguments") instanceof List<?> arguments) {
      prompt.put(
          "arguments",
          arguments.stream()
              .filter(Definitions::named)
              .map(argument -> mendedArgument((Map<?, ?>) argument))
              .toList());
    }
  }

  private static boolean named(@Nullable Object argument) {
    return argument instanceof Map<?, ?> map && map.get("name") instanceof String;
  }

  private static Map<Object, Object> mendedArgument(Map<?, ?> argument) {
    Map<Object, Object> mended = new LinkedHashMap<>(argument);
    mended
        .entrySet()
        .removeIf(
            member -> {
              Class<?> type = OF_ARGUMENTS.get(member.getKey());
              return type != null && !type.isInstance(member.getValue());
            });
    return mended;
  }

  private static boolean wrongType(
      Map<String, Class<?>> members, Map.Entry<String, Object> member) {
    Class<?> type = members.get(member.getKey());
    return type != null && !type.isInstance(member.getValue());
  }

  private static boolean wrongHint(Map.Entry<String, Object> hint) {
    if (hint.getKey().equals("title")) {
      return !(hint.getValue() instanceof String);
    }
    return HINTS.contains(hint.getKey()) && !(hint.getValue() instanceof Boolean);
  }

  private static boolean wrongAnnotation(Map.Entry<String, Object> annotation) {
    return switch (annotation.getKey()) {
      case "audience" ->
          !(annotation.getValue() instanceof List<?> roles
              && Set.of("user", "assistant").containsAll(roles));
      case "priority" ->
          !(annotation.getValue() instanceof Number number
              && number.doubleValue() >= 0
              && number.doubleValue() <= 1);
      case "lastModified" -> !(annotation.getValue() instanceof String);
      default -> false;
    };
  }
}
