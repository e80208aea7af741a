package dev.gatehouse.core.context;

import dev.gatehouse.core.call.TargetTier;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A resource, a resource template or a prompt as agents see it, with what the Gate must know of it.
 *
 * @param name the exposed URI, URI template or prompt name
 * @param connector the connector that serves it
 * @param upstreamName the URI, template or name by which the connector knows it
 * @param definition the whole MCP definition as a plain JSON tree, members in the upstream's order,
 *     with the exposed name in it
 * @param connectorClass key of the risk table of connector classes
 * @param targetTier how sensitive it is
 */
public record ContextDescriptor(
    ContextKind kind,
    String name,
    String connector,
    String upstreamName,
    Map<String, Object> definition,
    String connectorClass,
    TargetTier targetTier) {

  /** Longest exposed URI, template or prompt name, in characters. */
  public static final int NAME_LENGTH_MAX = 2_048;

  public ContextDescriptor {
    if (name.isEmpty() || name.length() > NAME_LENGTH_MAX) {
      throw new IllegalArgumentException(
          "a URI or prompt name has 1 to "
              + NAME_LENGTH_MAX
              + " characters, this has "
              + name.length());
    }
    definition = Collections.unmodifiableMap(new LinkedHashMap<>(definition));
  }
}
