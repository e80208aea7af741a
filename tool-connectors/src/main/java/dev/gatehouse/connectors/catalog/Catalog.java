package dev.gatehouse.connectors.catalog;

import dev.gatehouse.connectors.config.McpServerConfig;
import dev.gatehouse.connectors.offer.ListKind;
import dev.gatehouse.connectors.offer.Offer;
import dev.gatehouse.connectors.pins.PinBook;
import dev.gatehouse.core.context.ContextKind;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What all upstreams offer under its exposed names: one immutable snapshot, swapped when it
 * differs; then each list that differs is announced once. Thread-safe; reads never block.
 */
public final class Catalog {

  private static final Logger LOG = LoggerFactory.getLogger(Catalog.class);

  private record Snapshot(ToolIndex tools, ContextIndex contexts) {}

  /** Which lists differ from what they were. */
  private record Difference(boolean tools, Set<ContextKind> contexts) {}

  private final Map<String, Contribution> contributions = new TreeMap<>();
  private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
  private final List<Consumer<ContextKind>> contextListeners = new CopyOnWriteArrayList<>();
  private final Optional<PinBook> pins;
  private volatile Snapshot snapshot =
      new Snapshot(ToolIndex.of(List.of()), ContextIndex.of(List.of()));

  /**
   * @param pins judges the definitions of tools; empty when all are taken as they come
   */
  public Catalog(Optional<PinBook> pins) {
    this.pins = pins;
  }

  public ToolIndex tools() {
    return snapshot.tools();
  }

  public ContextIndex contexts() {
    return snapshot.contexts();
  }

  /** Replaces what that upstream contributes. May block on the pins. */
  public void put(McpServerConfig config, Offer offer) {
    DefinitionScan scan = DefinitionScan.of(config, offer);
    pins.ifPresent(book -> book.flagged(config.name(), scan.flagged()));
    Contribution judged =
        new Contribution(config, scan.offer(), quarantined(config, scan.offer(), scan.alarms()));
    change(() -> contributions.put(config.name(), judged));
  }

  /** Judges the definitions of an upstream's tools anew. May block on the pins. */
  void judgeAgain(String connector) {
    Contribution present;
    synchronized (this) {
      present = contributions.get(connector);
    }
    if (present != null) {
      put(present.config(), present.offer());
    }
  }

  private Set<String> quarantined(
      McpServerConfig config, Offer offer, Map<String, List<String>> alarms) {
    Map<String, Map<String, Object>> definitions = new LinkedHashMap<>();
    offer.list(ListKind.TOOLS).forEach(tool -> definitions.put(tool.name(), tool.definition()));
    return pins.map(
            book -> book.judge(config.name(), config.governance().pinning(), definitions, alarms))
        .orElse(alarms.keySet());
  }

  /** Takes out what that upstream contributes. */
  public void remove(String connector) {
    change(() -> contributions.remove(connector));
  }

  public void listen(Runnable listener) {
    listeners.add(listener);
  }

  public void unlisten(Runnable listener) {
    listeners.remove(listener);
  }

  public void listenContexts(Consumer<ContextKind> listener) {
    contextListeners.add(listener);
  }

  public void unlistenContexts(Consumer<ContextKind> listener) {
    contextListeners.remove(listener);
  }

  private void change(Runnable change) {
    Difference difference = changed(change);
    if (difference.tools()) {
      listeners.forEach(Catalog::tell);
    }
    for (ContextKind kind : difference.contexts()) {
      contextListeners.forEach(listener -> tell(() -> listener.accept(kind)));
    }
  }

  private synchronized Difference changed(Runnable change) {
    change.run();
    Snapshot old = snapshot;
    Snapshot fresh =
        new Snapshot(ToolIndex.of(contributions.values()), ContextIndex.of(contributions.values()));
    Set<ContextKind> contexts = EnumSet.noneOf(ContextKind.class);
    for (ContextKind kind : ContextKind.values()) {
      if (!fresh.contexts().list(kind).equals(old.contexts().list(kind))) {
        contexts.add(kind);
      }
    }
    snapshot = fresh;
    return new Difference(!fresh.tools().all().equals(old.tools().all()), contexts);
  }

  private static void tell(Runnable listener) {
    try {
      listener.run();
    } catch (RuntimeException e) {
      LOG.warn("a listener of the catalog failed", e);
    }
  }
}
