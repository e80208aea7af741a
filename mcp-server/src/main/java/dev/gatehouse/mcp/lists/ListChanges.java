package dev.gatehouse.mcp.lists;

import dev.gatehouse.core.context.ContextCatalog;
import dev.gatehouse.core.tool.ToolCatalog;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/** Passes a change of a list on to everybody who listens, once each. Thread-safe. */
public final class ListChanges implements AutoCloseable {

  private final Set<Consumer<ListKind>> listeners = ConcurrentHashMap.newKeySet();
  private final ToolCatalog.Subscription tools;
  private final ToolCatalog.Subscription contexts;

  public ListChanges(ToolCatalog tools, ContextCatalog contexts) {
    this.tools = tools.onChange(() -> changed(ListKind.TOOLS));
    this.contexts = contexts.onChange(kind -> changed(ListKind.of(kind)));
  }

  private void changed(ListKind kind) {
    listeners.forEach(listener -> listener.accept(kind));
  }

  /** Adds a listener, which runs on any thread and returns at once. */
  public void add(Consumer<ListKind> listener) {
    listeners.add(listener);
  }

  /** Removes a listener. */
  public void remove(Consumer<ListKind> listener) {
    listeners.remove(listener);
  }

  /** How many listen. */
  public int size() {
    return listeners.size();
  }

  @Override
  public void close() {
    tools.close();
    contexts.close();
    listeners.clear();
  }
}
