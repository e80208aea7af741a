package dev.gatehouse.core.tool;

import dev.gatehouse.core.gate.ExecutionGrant;
import dev.gatehouse.core.outcome.Outcome;
import java.util.List;
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
   * Carries out the granted call. The stage never fails: whatever goes wrong is a {@link
   * Outcome.Failed} (nothing was done) or {@link Outcome.Indeterminate} (it may have been done).
   * Ends by the call's deadline. Cancelling goes through {@link ToolListener#cancelled}.
   */
  CompletionStage<ToolReply> execute(ExecutionGrant grant, ToolListener listener);

  /** Ends connections and child processes; returns when they are gone. */
  @Override
  void close();
}
