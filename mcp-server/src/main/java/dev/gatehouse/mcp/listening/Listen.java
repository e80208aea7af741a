package dev.gatehouse.mcp.listening;

import dev.gatehouse.core.registry.AgentId;
import dev.gatehouse.mcp.asking.ClientCapabilities;
import dev.gatehouse.mcp.config.McpConfig;
import dev.gatehouse.mcp.jsonrpc.RpcError;
import dev.gatehouse.mcp.lists.ListChanges;
import dev.gatehouse.mcp.lists.ListKind;
import dev.gatehouse.mcp.requests.InFlight;
import dev.gatehouse.mcp.requests.Invocation;
import dev.gatehouse.mcp.requests.Operation;
import dev.gatehouse.mcp.requests.Replier;
import dev.gatehouse.mcp.tasks.Task;
import dev.gatehouse.mcp.tasks.Tasks;
import java.time.Duration;
import java.time.InstantSource;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * {@code subscriptions/listen}: a stream of change notifications, of the requested kinds only,
 * until the client closes it or the credential that it was opened with expires.
 */
public final class Listen implements Operation, AutoCloseable {

  private final ListChanges changes;
  private final Subscriptions subscriptions;
  private final Tasks tasks;
  private final InFlight streams;
  private final Supplier<McpConfig> config;
  private final InstantSource clock;
  private final Set<ListenStream> open = ConcurrentHashMap.newKeySet();

  public Listen(
      ListChanges changes,
      Subscriptions subscriptions,
      Tasks tasks,
      InFlight streams,
      Supplier<McpConfig> config,
      InstantSource clock) {
    this.clock = clock;
    this.changes = changes;
    this.subscriptions = subscriptions;
    this.tasks = tasks;
    this.streams = streams;
    this.config = config;
  }

  @Override
  public void run(Invocation invocation, Replier replier) {
    if (!(invocation.params().get("notifications") instanceof Map<?, ?> wanted)) {
      replier.error(RpcError.invalidParams("params.notifications must be an object"));
      return;
    }
    Set<String> resources = strings(wanted.get("resourceSubscriptions"));
    Set<String> taskIds = strings(wanted.get("taskIds"));
    if (wanted.containsKey("taskIds") && !invocation.meta().capabilities().tasks()) {
      replier.error(RpcError.missingCapability(ClientCapabilities.TASKS_NEEDED));
      return;
    }
    if (taskIds == null) {
      replier.error(RpcError.invalidParams("notifications.taskIds must be a list of task ids"));
      return;
    }
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
    List<Task> watched =
        taskIds.stream().map(id -> tasks.find(agent, id)).flatMap(Optional::stream).toList();
    ListenStream stream = new ListenStream(replier, lists(wanted), watched);
    open.add(stream);
    changes.add(stream);
    Runnable forget =
        () -> {
          if (open.remove(stream)) {
            changes.remove(stream);
            streams.leave(agent, 1);
          }
        };
    replier.onGone(
        () -> {
          forget.run();
          stream.gone();
        });
    invocation
        .principal()
        .until()
        .ifPresent(
            until ->
                replier.onExpiry(
                    Duration.between(clock.instant(), until),
                    () -> {
                      forget.run();
                      stream.end();
                    }));
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

  /** The strings, each once; null when the value is malformed. */
  private static @Nullable Set<String> strings(@Nullable Object value) {
    Set<String> strings = new LinkedHashSet<>();
    if (value == null) {
      return strings;
    }
    if (!(value instanceof List<?> list)) {
      return null;
    }
    for (Object element : list) {
      if (!(element instanceof String text)) {
        return null;
      }
      strings.add(text);
    }
    return strings;
  }

  @Override
  public void close() {
    open.forEach(ListenStream::end);
    open.clear();
  }
}
