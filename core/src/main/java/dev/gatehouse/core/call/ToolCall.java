package dev.gatehouse.core.call;

import dev.gatehouse.core.json.Digest;
import dev.gatehouse.core.tool.TargetPaths;
import dev.gatehouse.core.tool.ToolDescriptor;
import java.util.List;
import java.util.Map;

/**
 * A call of a governed tool.
 *
 * @param tool the tool as the catalog had it when the call came in
 * @param arguments the complete arguments as a plain JSON tree
 * @param reasoning why the agent says that it makes the call; for an approver's eyes, no part of
 *     what is decided upon; empty when it says nothing
 */
public record ToolCall(
    CallId id,
    Principal principal,
    String session,
    ToolDescriptor tool,
    Map<String, Object> arguments,
    Digest digest,
    Deadline deadline,
    TraceContext trace,
    String reasoning)
    implements GovernedCall {

  /** A call of which the agent does not say why it makes it. */
  public ToolCall(
      CallId id,
      Principal principal,
      String session,
      ToolDescriptor tool,
      Map<String, Object> arguments,
      Digest digest,
      Deadline deadline,
      TraceContext trace) {
    this(id, principal, session, tool, arguments, digest, deadline, trace, "");
  }

  /** The same call of which the agent says that. */
  public ToolCall because(String stated) {
    return new ToolCall(id, principal, session, tool, arguments, digest, deadline, trace, stated);
  }

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
  public String name() {
    return tool.name();
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
    if (tool.targetPaths().isEmpty()) {
      return tool.target();
    }
    List<String> targets = targets();
    if (targets.size() == 1) {
      return targets.getFirst().isEmpty() ? tool.target() : targets.getFirst();
    }
    return TargetPaths.text(targets.stream().filter(name -> !name.isEmpty()).toList());
  }

  @Override
  public List<String> targets() {
    return tool.targetPaths().isEmpty() ? List.of(tool.target()) : tool.targetPaths().in(arguments);
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
