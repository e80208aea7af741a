package dev.gatehouse.mcp.listening;

import dev.gatehouse.core.tool.ToolCatalog.Subscription;
import dev.gatehouse.mcp.jsonrpc.MessageWriter;
import dev.gatehouse.mcp.lists.ListKind;
import dev.gatehouse.mcp.requests.Invocation;
import dev.gatehouse.mcp.requests.Replier;
import dev.gatehouse.mcp.tasks.Task;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/**
 * One open {@code subscriptions/listen}. The acknowledgement comes first and says what was granted:
 * it waits for the resources, and what changes meanwhile is told after it. Everything names the
 * subscription. Lives on its request's loop; {@link #accept} and {@link #end} run on any thread.
 */
final class ListenStream implements Consumer<ListKind> {

  private static final String SUBSCRIPTION = "io.modelcontextprotocol/subscriptionId";

  private final Replier replier;
  private final Set<ListKind> lists;
  private final Map<String, Object> meta;
  private final List<Subscription> held = new ArrayList<>(0);
  private final List<String> granted = new ArrayList<>(0);
  private final Set<String> earlyUpdates = new LinkedHashSet<>(0);
  private final Set<ListKind> earlyChanges = new LinkedHashSet<>(0);
  private final List<String> taskIds = new ArrayList<>(0);
  private final Map<String, Map<String, Object>> earlyMoves = new LinkedHashMap<>(0);
  private int awaited;
  private boolean acknowledged;
  private boolean gone;

  /**
   * @param tasks the tasks whose status is told
   */
  ListenStream(Replier replier, Set<ListKind> lists, List<Task> tasks) {
    this.replier = replier;
    this.lists = lists;
    for (Task task : tasks) {
      Consumer<Map<String, Object>> watcher = detail -> replier.run(() -> moved(task.id(), detail));
      task.watch(watcher);
      granted(task.id(), () -> task.unwatch(watcher));
    }
    meta = Map.of(SUBSCRIPTION, MessageWriter.idValue(replier.id()));
  }

  /** Subscribes to the resources, then acknowledges. */
  void subscribe(Set<String> uris, Invocation invocation, Subscriptions subscriptions) {
    awaited = uris.size() + 1;
    for (String uri : uris) {
      subscriptions.open(
          invocation,
          uri,
          replier,
          () -> replier.run(() -> updated(uri)),
          (subscription, _) -> {
            subscription.ifPresent(ending -> hold(uri, ending));
            arrived();
          });
    }
    arrived();
  }

  private void hold(String uri, Subscription ending) {
    if (gone) {
      ending.close();
    } else {
      held.add(ending);
      granted.add(uri);
    }
  }

  private void arrived() {
    if (--awaited > 0 || gone) {
      return;
    }
    Map<String, Object> honoured = new LinkedHashMap<>();
    lists.forEach(kind -> honoured.put(kind.filter(), true));
    if (!taskIds.isEmpty()) {
      honoured.put("taskIds", List.copyOf(taskIds));
    }
    if (!granted.isEmpty()) {
      honoured.put("resourceSubscriptions", List.copyOf(granted));
    }
    replier.notify(
        "notifications/subscriptions/acknowledged",
        Map.of("_meta", meta, "notifications", honoured));
    acknowledged = true;
    earlyChanges.forEach(this::changed);
    earlyUpdates.forEach(this::updated);
    earlyMoves.forEach(this::moved);
  }

  private void granted(String taskId, Subscription ending) {
    taskIds.add(taskId);
    held.add(ending);
  }

  /** A task's status changed. */
  private void moved(String taskId, Map<String, Object> detail) {
    if (acknowledged) {
      Map<String, Object> params = new LinkedHashMap<>(detail);
      params.put("_meta", meta);
      replier.notify("notifications/tasks", params);
    } else {
      earlyMoves.put(taskId, detail);
    }
  }

  @Override
  public void accept(ListKind kind) {
    if (lists.contains(kind)) {
      replier.run(() -> changed(kind));
    }
  }

  private void changed(ListKind kind) {
    if (acknowledged) {
      replier.notify(kind.notification(), Map.of("_meta", meta));
    } else {
      earlyChanges.add(kind);
    }
  }

  private void updated(String uri) {
    if (acknowledged) {
      replier.notify("notifications/resources/updated", Map.of("_meta", meta, "uri", uri));
    } else {
      earlyUpdates.add(uri);
    }
  }

  /** The server ends the stream. */
  void end() {
    replier.run(
        () -> {
          release();
          replier.result(Map.of("_meta", meta));
        });
  }

  /** The client ended the stream. */
  void gone() {
    release();
    replier.silence();
  }

  private void release() {
    gone = true;
    held.forEach(Subscription::close);
    held.clear();
  }
}
