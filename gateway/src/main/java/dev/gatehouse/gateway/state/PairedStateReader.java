package dev.gatehouse.gateway.state;

import dev.gatehouse.core.approval.StateReader;
import dev.gatehouse.core.approval.TargetState;
import dev.gatehouse.core.call.CallId;
import dev.gatehouse.core.call.Deadline;
import dev.gatehouse.core.call.GovernedCall;
import dev.gatehouse.core.call.Principal;
import dev.gatehouse.core.call.ToolCall;
import dev.gatehouse.core.call.TraceContext;
import dev.gatehouse.core.gate.Admission.Granted;
import dev.gatehouse.core.gate.Admission.Pending;
import dev.gatehouse.core.gate.Admission.Refused;
import dev.gatehouse.core.gate.ExecutionGrant;
import dev.gatehouse.core.gate.Gate;
import dev.gatehouse.core.json.CanonicalJson;
import dev.gatehouse.core.json.Digest;
import dev.gatehouse.core.outcome.Evidence.ToolEvidence;
import dev.gatehouse.core.outcome.Outcome;
import dev.gatehouse.core.registry.AgentId;
import dev.gatehouse.core.tool.ToolCatalog;
import dev.gatehouse.core.tool.ToolConnector;
import dev.gatehouse.core.tool.ToolDescriptor;
import dev.gatehouse.core.tool.ToolReply;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Reads states by the read tools that the config pairs with the tools that change. Thread-safe. */
public final class PairedStateReader implements StateReader {

  private static final Principal GATEWAY = new Principal(new AgentId("gatehouse.state"), "");
  private static final Duration READ_MAX = Duration.ofSeconds(10);

  private final Gate gate;
  private final ToolCatalog catalog;
  private final InstantSource clock;
  private final Context loop;
  private final SecureRandom random = new SecureRandom();
  private volatile List<StatePair> pairs;

  public PairedStateReader(
      Vertx vertx, Gate gate, ToolCatalog catalog, InstantSource clock, List<StatePair> pairs) {
    this.gate = gate;
    this.catalog = catalog;
    this.clock = clock;
    this.loop = vertx.getOrCreateContext();
    this.pairs = List.copyOf(pairs);
  }

  /** From the next question on these pairs hold. */
  public void replace(List<StatePair> next) {
    pairs = List.copyOf(next);
  }

  @Override
  public boolean reads(GovernedCall call) {
    return pair(call).isPresent();
  }

  private Optional<StatePair> pair(GovernedCall call) {
    return call instanceof ToolCall
        ? pairs.stream()
            .filter(
                pair ->
                    pair.connector().equals(call.connector())
                        && pair.operation().equals(call.operation()))
            .findFirst()
        : Optional.empty();
  }

  @Override
  public CompletionStage<TargetState> read(GovernedCall call) {
    Optional<StatePair> pair = pair(call);
    if (pair.isEmpty() || !(call instanceof ToolCall changing)) {
      return CompletableFuture.completedStage(new TargetState.NotRead());
    }
    CompletableFuture<TargetState> state = new CompletableFuture<>();
    loop.runOnContext(
        _ -> {
          try {
            var _ =
                look(pair.get(), changing)
                    .exceptionally(failure -> unreadable(failure))
                    .thenAccept(state::complete);
          } catch (RuntimeException e) {
            state.complete(unreadable(e));
          }
        });
    return state;
  }

  private static TargetState unreadable(Throwable failure) {
    Throwable cause = failure.getCause() == null ? failure : failure.getCause();
    return new TargetState.Unreadable(
        cause instanceof IllegalArgumentException && cause.getMessage() != null
            ? cause.getMessage()
            : "reading it failed (" + cause.getClass().getSimpleName() + ")");
  }

  private CompletionStage<TargetState> look(StatePair pair, ToolCall changing) {
    ToolDescriptor tool =
        catalog.tools().stream()
            .filter(
                known ->
                    known.connector().equals(pair.connector())
                        && known.upstreamName().equals(pair.read()))
            .findFirst()
            .orElseThrow(
                () ->
                    new IllegalArgumentException(
                        "server " + pair.connector() + " offers no tool " + pair.read() + " now"));
    ToolCall read =
        ToolCall.of(
            CallId.next(clock, random),
            GATEWAY,
            changing.session(),
            tool,
            pair.argumentsFor(changing.arguments()),
            Deadline.after(READ_MAX, clock),
            TraceContext.NONE);
    return switch (gate.look(read, changing.id())) {
      case Granted(ExecutionGrant grant) ->
          execute(grant, tool).thenApply(reply -> state(pair, grant, reply));
      case Refused refused ->
          throw new IllegalArgumentException(refused.decision().reason().message());
      case Pending _ -> throw new IllegalStateException("a look never waits");
    };
  }

  private CompletionStage<ToolReply> execute(ExecutionGrant grant, ToolDescriptor tool) {
    Optional<ToolConnector> connector = catalog.connector(tool);
    if (connector.isEmpty()) {
      return CompletableFuture.completedStage(
          new ToolReply(
              new Outcome.Failed(
                  "connector_down",
                  "connector " + tool.connector() + " is not available now",
                  new ToolEvidence(Duration.ZERO, true, 0, Optional.empty())),
              Map.of()));
    }
    return connector.get().execute(grant, new SilentListener());
  }

  private TargetState state(StatePair pair, ExecutionGrant grant, ToolReply reply) {
    var _ = gate.settle(grant, reply.outcome());
    if (!(reply.outcome() instanceof Outcome.Completed)
        || Boolean.TRUE.equals(reply.result().get("isError"))) {
      return new TargetState.Unreadable(
          "tool " + pair.read() + " of server " + pair.connector() + " did not answer it");
    }
    Object value = StateValues.of(reply.result());
    return new TargetState.Read(
        value,
        Digest.of(CanonicalJson.exactBytes(Map.of("state", pair.counted(value)))),
        clock.instant());
  }
}
