package dev.gatehouse.mcp.requests;

import dev.gatehouse.core.tool.ToolDescriptor;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An argument by which a model may say why it calls a tool, for clients that cannot set {@code
 * _meta}. It is the gateway's: taken out of the arguments before they are checked, digested, shown
 * to anybody as arguments or sent on. A tool with an argument of that name keeps its own.
 */
public final class StatedReason {

  /** The argument's name. */
  public static final String ARGUMENT = "gatehouse_reason";

  private static final Map<String, Object> PROPERTY =
      Map.of(
          "type",
          "string",
          "maxLength",
          RequestMeta.REASONING_CHARS_MAX,
          "description",
          "Optional: why you make this call, in a sentence or two, for the person who may have to"
              + " approve it. The tool does not see it.");

  private StatedReason() {}

  /** The tool's definition with the argument among its others; as it is where it cannot be. */
  public static Map<String, Object> offered(ToolDescriptor tool) {
    Map<?, ?> schema = schema(tool);
    if (schema == null) {
      return tool.definition();
    }
    Map<Object, Object> properties = new LinkedHashMap<>(properties(schema));
    properties.put(ARGUMENT, PROPERTY);
    Map<Object, Object> extended = new LinkedHashMap<>(schema);
    extended.put("properties", properties);
    Map<String, Object> definition = new LinkedHashMap<>(tool.definition());
    definition.put("inputSchema", extended);
    return definition;
  }

  /** Whether the argument is the gateway's in calls of this tool. */
  public static boolean isOurs(ToolDescriptor tool) {
    return schema(tool) != null;
  }

  /**
   * Reads it.
   *
   * @throws IllegalArgumentException with a message for the client when it is no text, or too long
   */
  public static String of(Map<String, Object> arguments) {
    return RequestMeta.reasoning(ARGUMENT, arguments.get(ARGUMENT));
  }

  /** The arguments without it. */
  public static Map<String, Object> without(Map<String, Object> arguments) {
    Map<String, Object> rest = new LinkedHashMap<>(arguments);
    rest.remove(ARGUMENT);
    return rest;
  }

  /** The schema that it can be added to: of an object that has no property of that name. */
  private static @Nullable Map<?, ?> schema(ToolDescriptor tool) {
    return tool.definition().get("inputSchema") instanceof Map<?, ?> schema
            && "object".equals(schema.get("type"))
            && (!schema.containsKey("properties") || schema.get("properties") instanceof Map)
            && !properties(schema).containsKey(ARGUMENT)
        ? schema
        : null;
  }

  private static Map<?, ?> properties(Map<?, ?> schema) {
    return schema.get("properties") instanceof Map<?, ?> properties ? properties : Map.of();
  }
}
