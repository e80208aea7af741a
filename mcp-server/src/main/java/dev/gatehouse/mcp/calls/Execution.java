package dev.gatehouse.mcp.calls;

import dev.gatehouse.core.approval.ApprovalVoidException;
import dev.gatehouse.core.audit.AuditReceipt;
import dev.gatehouse.core.call.ContextCall;
import dev.gatehouse.core.call.GovernedCall;
import dev.gatehouse.core.call.ModelCall;
import dev.gatehouse.core.call.ToolCall;
import dev.gatehouse.core.gate.ExecutionGrant;
import dev.gatehouse.core.outcome.Evidence.ToolEvidence;
import dev.gatehouse.core.outcome.Outcome;
import dev.gatehouse.core.tool.ToolConnector;
import dev.gatehouse.core.tool.ToolListener;
import dev.gatehouse.core.tool.ToolReply;
import dev.gatehouse.mcp.jsonrpc.RpcError;
import dev.gatehouse.mcp.replies.CallReply;
import dev.gatehouse.mcp.replies.ResultMeta;
import dev.gatehouse.mcp.replies.Results;
import dev.gatehouse.mcp.replies.UpstreamErrors;
import dev.gatehouse.mcp.schema.SchemaCheck;
import dev.gatehouse.mcp.waiting.Caller;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A granted call being carried out: barrier, connector, outcome row, release.
 *
 * <p>Nothing of the result is released before the intent is durable; of a call that changes
 * something, not before the outcome is durable either.
 */
final class Execution {

  private static final Logger LOG = LoggerFactory.getLogger(Execution.class);

  private final CallParts parts;
  private final GovernedCall call;
  private final ExecutionGrant grant;
  private final Caller caller;
  private final CallListener listener;
  private final Consumer<CallReply> then;
  private final Action action;

  /** What a connector is asked to do with a grant. */
  @FunctionalInterface
  public interface Action {
    CompletionStage<ToolReply> run(
        ToolConnector connector, ExecutionGrant grant, ToolListener listener);
  }

  /**
   * @param then takes the reply, on the caller's loop
   */
  Execution(
      CallParts parts,
      GovernedCall call,
      ExecutionGrant grant,
      Caller caller,
      CallListener listener,
      Consumer<CallReply> then) {
    this(parts, call, grant, caller, listener, then, ToolConnector::execute);
  }

  Execution(
      CallParts parts,
      GovernedCall call,
      ExecutionGrant grant,
      Caller caller,
      CallListener listener,
      Consumer<CallReply> then,
      Action action) {
    this.parts = parts;
    this.call = call;
    this.grant = grant;
    this.caller = caller;
    this.listener = listener;
    this.then = then;
    this.action = action;
  }

  void start() {
    caller.await(
        grant.barrier(),
        (_, unrecorded) -> {
          if (unrecorded == null) {
            dispatch();
          } else if (voided(unrecorded).isPresent()) {
            settle(refused("approval_void", voided(unrecorded).get()), null);
          } else {
            fail("the audit log could not record this call, so it was not carried out");
          }
        });
  }

  private void dispatch() {
    if (listener.relays()) {
      caller.await(
          grant.durable(),
          (receipt, _) -> {
            if (receipt != null) {
              listener.open();
            }
          });
    }
    caller.await(execute(), this::settle);
  }

  private CompletionStage<ToolReply> execute() {
    if (listener.cancelled().toCompletableFuture().isDone()) {
      return failed("cancelled", "the caller cancelled before the call was dispatched");
    }
    Optional<ToolConnector> connector = connector();
    if (connector.isEmpty()) {
      return failed(
          "connector_down", "connector " + call.connector() + " is not available now; try later");
    }
    try {
      return action.run(connector.get(), grant, listener);
    } catch (RuntimeException e) {
      return CompletableFuture.failedStage(e);
    }
  }

  private Optional<ToolConnector> connector() {
    return switch (call) {
      case ToolCall tool -> parts.ports().catalog().connector(tool.tool());
      case ContextCall context -> parts.ports().contexts().connector(context.source());
      case ModelCall _ -> Optional.empty();
    };
  }

  private void settle(@Nullable ToolReply reply, @Nullable Throwable error) {
    ToolReply settled = reply != null && error == null ? reply : broken(error);
    CompletionStage<AuditReceipt> outcome = parts.ports().gate().settle(grant, settled.outcome());
    caller.await(
        grant.durable(),
        (receipt, _) -> {
          if (receipt == null) {
            fail("the audit log could not record this call, so its result is withheld");
            return;
          }
          listener.open(); // stages run their dependents last first
          if (grant.call().operationType().durableBeforeDispatch()) {
            releaseWhenRecorded(settled, receipt, outcome);
          } else {
            warnUnlessRecorded(outcome);
            release(settled, receipt);
          }
        });
  }

  private void releaseWhenRecorded(
      ToolReply reply, AuditReceipt receipt, CompletionStage<AuditReceipt> outcome) {
    caller.await(
        outcome,
        (recorded, _) -> {
          if (recorded == null) {
            fail(
                "the call was dispatched and may have taken effect, but the audit log could not"
                    + " record its outcome, so its result is withheld; do not repeat it blindly");
          } else {
            release(reply, receipt);
          }
        });
  }

  private void release(ToolReply reply, AuditReceipt receipt) {
    if (reply.error().isPresent()) {
      then.accept(new CallReply.Failure(UpstreamErrors.of(call, reply.error().get(), receipt)));
      return;
    }
    Map<String, Object> result =
        ResultMeta.withReceipt(checked(ResultMeta.ofTool(reply.result())), call.id(), receipt);
    then.accept(
        call instanceof ContextCall && !(reply.outcome() instanceof Outcome.Completed)
            ? new CallReply.Verdict(result)
            : new CallReply.Result(result));
  }

  /** A structured result that its schema forbids becomes an error; its content is kept. */
  private Map<String, Object> checked(Map<String, Object> result) {
    if (call instanceof ToolCall tool
        && result.containsKey("structuredContent")
        && !Boolean.TRUE.equals(result.get("isError"))
        && tool.tool().definition().get("outputSchema") instanceof Map<?, ?> schema) {
      int stepsMax = parts.config().get().limits().schemaStepsMax();
      return SchemaCheck.objection(schema, result.get("structuredContent"), stepsMax)
          .map(objection -> Results.misshapen(result, objection))
          .orElse(result);
    }
    return result;
  }

  private void fail(String message) {
    then.accept(new CallReply.Failure(RpcError.internal(message + " (call " + call.id() + ")")));
  }

  private void warnUnlessRecorded(CompletionStage<AuditReceipt> outcome) {
    var _ =
        outcome.whenComplete(
            (_, unrecorded) -> {
              if (unrecorded != null) {
                LOG.warn("the outcome of read call {} was not recorded", call.id(), unrecorded);
              }
            });
  }

  /** A connector that fails its contract leaves open whether it acted. */
  private ToolReply broken(@Nullable Throwable error) {
    LOG.error("connector {} broke its contract", call.connector(), error);
    String reason = "connector " + call.connector() + " failed unexpectedly";
    return new ToolReply(
        new Outcome.Indeterminate(reason, NO_EVIDENCE),
        Results.error(reason + "; whether the call took effect is unknown"));
  }

  /** Why an approval does not open the call after all; empty when that is not what failed. */
  private static Optional<String> voided(Throwable failure) {
    Throwable cause = failure instanceof CompletionException e ? e.getCause() : failure;
    return cause instanceof ApprovalVoidException e
        ? Optional.ofNullable(e.getMessage())
        : Optional.empty();
  }

  private static CompletionStage<ToolReply> failed(String kind, String message) {
    return CompletableFuture.completedStage(refused(kind, message));
  }

  private static ToolReply refused(String kind, String message) {
    return new ToolReply(new Outcome.Failed(kind, message, NO_EVIDENCE), Results.error(message));
  }

  private static final ToolEvidence NO_EVIDENCE =
      new ToolEvidence(Duration.ZERO, true, 0, Optional.empty());
}
