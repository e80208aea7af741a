package dev.gatehouse.core.call;

import dev.gatehouse.core.json.Digest;
import java.util.List;

/**
 * A call that must pass the Gate. Immutable; the digest is taken over the canonical form of
 * everything that the call would do, so that an approval can bind to exactly this call.
 */
public sealed interface GovernedCall permits ToolCall, ContextCall, ModelCall {

  /** The identity of this call. */
  CallId id();

  /** Who calls. */
  Principal principal();

  /**
   * The conversation that the call belongs to, as the client names it; empty when it names none.
   */
  String session();

  /** The connector that would act, as in {@code tickets} or {@code llm}. */
  String connector();

  /** The operation on that connector, as in {@code close_ticket} or {@code chat}. */
  String operation();

  /**
   * The name by which a manifest declares it: of the tool, the resource or prompt, or the model.
   */
  String name();

  /** What the operation does to its target. */
  OperationType operationType();

  /**
   * What the call acts on, as text for people and rows; a model name, an environment, a resource.
   */
  String target();

  /**
   * The same one by one, for what is declared; an empty name stands for what the call does not name
   * in a usable way.
   */
  default List<String> targets() {
    return List.of(target());
  }

  /** How sensitive that target is. */
  TargetTier targetTier();

  /**
   * The class of the connector, a key of the risk tables such as {@code internal} or {@code llm}.
   */
  String connectorClass();

  /** The class of the data that the call may touch: the connector's, or what a model is for. */
  default String dataClass() {
    return connectorClass();
  }

  /** SHA-256 over the canonical arguments (tools, context) or the request bytes (models). */
  Digest digest();

  /** Until when the caller waits. */
  Deadline deadline();

  /** The trace that the caller puts it into. */
  TraceContext trace();

  /** W3C trace parent of the caller; empty when there is none. */
  default String traceParent() {
    return trace().parent();
  }
}
