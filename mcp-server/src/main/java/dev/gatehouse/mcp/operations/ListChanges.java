package dev.gatehouse.mcp.operations;

import dev.gatehouse.core.tool.ToolCatalog;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Passes a change of the tool list on to everybody who listens, once each. Thread-safe. */
public final class ListChanges implements AutoCloseable {

  private final Set<Runnable> listeners = ConcurrentHashMap.newKeySet();
  private final ToolCatalog.Subscription subscription;

  public ListChanges(ToolCatalog catalog) {
    subscription = catalog.onChange(() -> listeners.forEach(Runnable::run));
  }

  /** Adds a listener, which runs on any thread and returns at once. */
  public void add(Runnable listener) {
    listeners.add(listener);
  }

  /** Removes a listener. */
  public void remove(Runnable listener) {
    listeners.remove(listener);
  }

  /** How many listen. */
  public int size() {
    return listeners.size();
  }

  @Override
  public void close() {
    subscription.close();
    listeners.clear();
  }
}
