package dev.gatehouse.core.call;

import dev.gatehouse.core.audit.AuditBody;
import dev.gatehouse.core.json.Digest;
import java.util.List;

/**
 * A call of a language model.
 *
 * @param operation the kind of call, {@code chat} for both chat completions and messages
 * @param model the model name or alias that the client asked for
 * @param modelTier the tier that the config gives that model, such as {@code frontier}; empty when
 *     it gives none
 * @param streaming whether the client asked for a stream
 * @param requestBytes length of the request body
 * @param request the request body, and its digest
 * @param providerTools the tools that the provider is asked to run itself, past the Gate; a tool
 *     that has no name is there as an empty string
 * @param dataClass what the config says that calls of this model carry; {@code llm} where it says
 *     nothing
 */
public record ModelCall(
    CallId id,
    Principal principal,
    String session,
    String operation,
    String model,
    String modelTier,
    boolean streaming,
    int requestBytes,
    TargetTier targetTier,
    AuditBody request,
    Deadline deadline,
    String traceParent,
    List<String> providerTools,
    String dataClass)
    implements GovernedCall {

  /** The connector name that all model calls carry. */
  public static final String CONNECTOR = "llm";

  public ModelCall {
    providerTools = List.copyOf(providerTools);
    dataClass = dataClass.isEmpty() ? CONNECTOR : dataClass;
  }

  @Override
  public Digest digest() {
    return request.digest();
  }

  @Override
  public TraceContext trace() {
    return TraceContext.of(traceParent);
  }

  @Override
  public String connector() {
    return CONNECTOR;
  }

  @Override
  public String name() {
    return model;
  }

  @Override
  public OperationType operationType() {
    return OperationType.READ;
  }

  @Override
  public String target() {
    return model;
  }

  @Override
  public String connectorClass() {
    return CONNECTOR;
  }
}
