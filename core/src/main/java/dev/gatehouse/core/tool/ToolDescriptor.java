package dev.gatehouse.core.tool;

import dev.gatehouse.core.call.OperationType;
import dev.gatehouse.core.call.TargetTier;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A governed tool as agents see it, with what the Gate must know of it.
 *
 * @param name the exposed name, {@code connector__tool} unless the connector is mounted without
 *     prefix; at most 64 characters
 * @param connector the connector that executes it
 * @param upstreamName the name by which the connector knows it
 * @param definition the whole MCP tool definition as a plain JSON tree, members in the upstream's
 *     order, with {@code name} already the exposed one
 * @param operationType what it does, from config, else from its annotations, else destructive
 * @param operationSource where the operation type comes from: {@code config}, {@code annotations}
 *     or {@code default}
 * @param connectorClass key of the risk table of connector classes
 * @param target what it acts on where its arguments name nothing: the connector's environment
 * @param targetTier how sensitive that target is
 * @param quarantined whether its definition is not the approved one; such a tool is neither listed
 *     nor called
 * @param targetPaths where its arguments name what it acts on
 */
public record ToolDescriptor(
    String name,
    String connector,
    String upstreamName,
    Map<String, Object> definition,
    OperationType operationType,
    String operationSource,
    String connectorClass,
    String target,
    TargetTier targetTier,
    boolean quarantined,
    TargetPaths targetPaths) {

  /** Longest exposed name; what the strictest clients accept. */
  public static final int NAME_LENGTH_MAX = 64;

  public ToolDescriptor {
    if (name.isEmpty() || name.length() > NAME_LENGTH_MAX) {
      throw new IllegalArgumentException(
          "a tool name has 1 to "
              + NAME_LENGTH_MAX
              + " characters, '"
              + name
              + "' has "
              + name.length());
    }
    definition = Collections.unmodifiableMap(new LinkedHashMap<>(definition));
  }

  /** A tool whose definition is approved. */
  public ToolDescriptor(
      String name,
      String connector,
      String upstreamName,
      Map<String, Object> definition,
      OperationType operationType,
      String operationSource,
      String connectorClass,
      String target,
      TargetTier targetTier) {
    this(
        name,
        connector,
        upstreamName,
        definition,
        operationType,
        operationSource,
        connectorClass,
        target,
        targetTier,
        false);
  }

  /** A tool whose arguments name no target. */
  public ToolDescriptor(
      String name,
      String connector,
      String upstreamName,
      Map<String, Object> definition,
      OperationType operationType,
      String operationSource,
      String connectorClass,
      String target,
      TargetTier targetTier,
      boolean quarantined) {
    this(
        name,
        connector,
        upstreamName,
        definition,
        operationType,
        operationSource,
        connectorClass,
        target,
        targetTier,
        quarantined,
        TargetPaths.NONE);
  }

  /** The same tool with its targets named there. */
  public ToolDescriptor with(TargetPaths paths) {
    return new ToolDescriptor(
        name,
        connector,
        upstreamName,
        definition,
        operationType,
        operationSource,
        connectorClass,
        target,
        targetTier,
        quarantined,
        paths);
  }
}
