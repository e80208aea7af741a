package dev.gatehouse.core.call;

import dev.gatehouse.core.json.Digest;
import dev.gatehouse.core.tool.ToolDescriptor;
import java.util.Map;

/**
 * A call of a governed tool.
 *
 * @param tool the tool as the catalog had it when the call came in
 * @param arguments the complete arguments as a plain JSON tree
 */
public record ToolCall(
    CallId id,
    Principal principal,
    String session,
    ToolDescriptor tool,
    Map<String, Object> arguments,
    Digest digest,
    Deadline deadline,
    TraceContext trace)
    implements GovernedCall {

  /** Makes a call and digests its arguments. */
  public static ToolCall of(
      CallId id,
      Principal principal,
      String session,
      ToolDescriptor tool,
      Map<String, Object> arguments,
      Deadline deadline,
      TraceContext trace) {
    return new ToolCall(
        id, principal, session, tool, arguments, ArgumentsDigest.of(arguments), deadline, trace);
  }

  @Override
  public String connector() {
    return tool.connector();
  }

  @Override
  public String operation() {
    return tool.upstreamName();
  }

  @Override
  public OperationType operationType() {
    return tool.operationType();
  }

  @Override
  public String target() {
    return tool.target();
  }

  @Override
  public TargetTier targetTier() {
    return tool.targetTier();
  }

  @Override
  public String connectorClass() {
    return tool.connectorClass();
  }
}
