package dev.gatehouse.mcp.operations;

import dev.gatehouse.core.registry.AgentId;
import dev.gatehouse.mcp.config.McpConfig;
import dev.gatehouse.mcp.jsonrpc.MessageWriter;
import dev.gatehouse.mcp.jsonrpc.RpcError;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/**
 * {@code subscriptions/listen}: a stream of change notifications, of the requested kinds only,
 * until the client closes it. The acknowledgement comes first, and everything names the
 * subscription.
 */
final class Listen implements Operation, AutoCloseable {

  private static final String SUBSCRIPTION = "io.modelcontextprotocol/subscriptionId";

  private final ListChanges changes;
  private final InFlight streams;
  private final Supplier<McpConfig> config;
  private final Set<Runnable> endings = ConcurrentHashMap.newKeySet();

  Listen(ListChanges changes, InFlight streams, Supplier<McpConfig> config) {
    this.changes = changes;
    this.streams = streams;
    this.config = config;
  }

  @Override
  public void run(Invocation invocation, Replier replier) {
    if (!(invocation.params().get("notifications") instanceof Map<?, ?> wanted)) {
      replier.error(RpcError.invalidParams("params.notifications must be an object"));
      return;
    }
    if (!replier.streams()) {
      replier.error(RpcError.invalidRequest("a subscription needs Accept: text/event-stream"));
      return;
    }
    AgentId agent = invocation.principal().agent();
    int max = config.get().limits().streamsPerAgentMax();
    if (!streams.enter(agent, 1, max)) {
      replier.error(
          RpcError.internal("this agent has streamsPerAgentMax " + max + " streams open already"));
      return;
    }
    listen(Boolean.TRUE.equals(wanted.get("toolsListChanged")), agent, replier);
  }

  private void listen(boolean tools, AgentId agent, Replier replier) {
    Map<String, Object> meta = Map.of(SUBSCRIPTION, MessageWriter.idValue(replier.id()));
    replier.notify(
        "notifications/subscriptions/acknowledged",
        Map.of(
            "_meta", meta, "notifications", tools ? Map.of("toolsListChanged", true) : Map.of()));
    Runnable changed =
        () ->
            replier.run(
                () -> replier.notify("notifications/tools/list_changed", Map.of("_meta", meta)));
    if (tools) {
      changes.add(changed);
    }
    Runnable ending = () -> replier.run(() -> replier.result(Map.of("_meta", meta)));
    endings.add(ending);
    replier.onGone(
        () -> {
          changes.remove(changed);
          endings.remove(ending);
          streams.leave(agent, 1);
          replier.silence();
        });
  }

  @Override
  public void close() {
    endings.forEach(Runnable::run);
    endings.clear();
  }
}
