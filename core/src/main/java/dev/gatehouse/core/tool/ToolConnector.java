package dev.gatehouse.core.tool;

import dev.gatehouse.core.gate.ExecutionGrant;
import dev.gatehouse.core.outcome.Evidence;
import dev.gatehouse.core.outcome.Outcome;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Something that offers tools and executes them, such as an upstream MCP server.
 *
 * <p>Called on an event loop; never blocks. Stages complete on any thread. Implementations are
 * thread-safe.
 */
public interface ToolConnector extends AutoCloseable {

  /** The connector's name in the config. */
  String name();

  /** The tools that it offers now: an immutable snapshot, empty while it is away. */
  List<ToolDescriptor> tools();

  /** Its health, for people. */
  ConnectorHealth health();

  /**
   * Carries out the granted {@link dev.gatehouse.core.call.ToolCall} or {@link
   * dev.gatehouse.core.call.ContextCall}. The stage never fails: whatever goes wrong is a {@link
   * Outcome.Failed} (nothing was done) or {@link Outcome.Indeterminate} (it may have been done).
   * Ends by the call's deadline. Cancelling goes through {@link ToolListener#cancelled}.
   */
  CompletionStage<ToolReply> execute(ExecutionGrant grant, ToolListener listener);

  /**
   * Subscribes to the resource of a granted {@link dev.gatehouse.core.call.ContextCall}; {@code
   * updated} runs, on any thread, whenever the upstream says that it changed. The stage never
   * fails.
   */
  default CompletionStage<Subscribed> subscribe(ExecutionGrant grant, Runnable updated) {
    Evidence none = new Evidence.ToolEvidence(Duration.ZERO, true, 0, Optional.empty());
    String why = "connector " + name() + " takes no subscriptions";
    return CompletableFuture.completedStage(
        new Subscribed(
            new ToolReply(
                new Outcome.Failed("not_supported", why, none),
                Map.of(),
                Optional.of(new ReplyError(-32601, why, null))),
            () -> {}));
  }

  /**
   * What came of subscribing.
   *
   * @param reply says whether it worked
   * @param subscription ends it; does nothing when it did not work
   */
  record Subscribed(ToolReply reply, ToolCatalog.Subscription subscription) {}

  /** Ends connections and child processes; returns when they are gone. */
  @Override
  void close();
}
