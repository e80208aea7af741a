package dev.gatehouse.mcp.operations;

import dev.gatehouse.core.registry.AgentId;
import dev.gatehouse.mcp.config.McpConfig;
import dev.gatehouse.mcp.jsonrpc.RpcError;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * {@code subscriptions/listen}: a stream of change notifications, of the requested kinds only,
 * until the client closes it.
 */
final class Listen implements Operation, AutoCloseable {

  private final ListChanges changes;
  private final Subscriptions subscriptions;
  private final InFlight streams;
  private final Supplier<McpConfig> config;
  private final Set<ListenStream> open = ConcurrentHashMap.newKeySet();

  Listen(
      ListChanges changes,
      Subscriptions subscriptions,
      InFlight streams,
      Supplier<McpConfig> config) {
    this.changes = changes;
    this.subscriptions = subscriptions;
    this.streams = streams;
    this.config = config;
  }

  @Override
  public void run(Invocation invocation, Replier replier) {
    if (!(invocation.params().get("notifications") instanceof Map<?, ?> wanted)) {
      replier.error(RpcError.invalidParams("params.notifications must be an object"));
      return;
    }
    Set<String> resources = resources(wanted.get("resourceSubscriptions"));
    if (resources == null) {
      replier.error(
          RpcError.invalidParams("notifications.resourceSubscriptions must be a list of URIs"));
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
    ListenStream stream = new ListenStream(replier, lists(wanted));
    open.add(stream);
    changes.add(stream);
    replier.onGone(
        () -> {
          changes.remove(stream);
          open.remove(stream);
          streams.leave(agent, 1);
          stream.gone();
        });
    stream.subscribe(resources, invocation, subscriptions);
  }

  private static EnumSet<ListKind> lists(Map<?, ?> wanted) {
    EnumSet<ListKind> lists = EnumSet.noneOf(ListKind.class);
    for (ListKind kind : ListKind.values()) {
      if (Boolean.TRUE.equals(wanted.get(kind.filter()))) {
        lists.add(kind);
      }
    }
    return lists;
  }

  /** The URIs, each once; null when the value is malformed. */
  private static @Nullable Set<String> resources(@Nullable Object value) {
    Set<String> uris = new LinkedHashSet<>();
    if (value == null) {
      return uris;
    }
    if (!(value instanceof List<?> list)) {
      return null;
    }
    for (Object element : list) {
      if (!(element instanceof String uri)) {
        return null;
      }
      uris.add(uri);
    }
    return uris;
  }

  @Override
  public void close() {
    open.forEach(ListenStream::end);
    open.clear();
  }
}
