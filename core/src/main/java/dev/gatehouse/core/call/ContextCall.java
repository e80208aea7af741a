package dev.gatehouse.core.call;

import dev.gatehouse.core.context.ContextDescriptor;
import dev.gatehouse.core.json.Digest;
import java.util.Map;

/**
 * A call that reads a resource, subscribes to one, gets a prompt or completes an argument of one.
 *
 * @param source the resource, template or prompt as the catalog had it when the call came in
 * @param kindOfCall what is asked
 * @param name the exposed URI or prompt name that the agent gave
 * @param upstreamName the URI, template or name by which the connector knows it
 * @param params the rest of the request: {@code arguments} of a prompt, {@code argument} and {@code
 *     context} of a completion; a plain JSON tree without {@code _meta}
 */
public record ContextCall(
    CallId id,
    Principal principal,
    String session,
    ContextDescriptor source,
    ContextOperation kindOfCall,
    String name,
    String upstreamName,
    Map<String, Object> params,
    Digest digest,
    Deadline deadline,
    TraceContext trace)
    implements GovernedCall {

  /** Makes a call and digests its params. */
  public static ContextCall of(
      CallId id,
      Principal principal,
      String session,
      ContextDescriptor source,
      ContextOperation kindOfCall,
      String name,
      String upstreamName,
      Map<String, Object> params,
      Deadline deadline,
      TraceContext trace) {
    return new ContextCall(
        id,
        principal,
        session,
        source,
        kindOfCall,
        name,
        upstreamName,
        params,
        ArgumentsDigest.of(params),
        deadline,
        trace);
  }

  @Override
  public String connector() {
    return source.connector();
  }

  @Override
  public String operation() {
    return kindOfCall.method();
  }

  @Override
  public OperationType operationType() {
    return OperationType.READ;
  }

  @Override
  public String target() {
    return name;
  }

  @Override
  public TargetTier targetTier() {
    return source.targetTier();
  }

  @Override
  public String connectorClass() {
    return source.connectorClass();
  }
}
