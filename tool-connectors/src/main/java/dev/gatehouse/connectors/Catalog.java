package dev.gatehouse.connectors;

import dev.gatehouse.core.tool.ToolDescriptor;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The tools of all upstreams under their exposed names: one immutable snapshot, swapped when it
 * differs, and then announced once. Thread-safe; reads never block.
 */
final class Catalog {

  private static final Logger LOG = LoggerFactory.getLogger(Catalog.class);

  /** What one upstream contributes. */
  record Contribution(McpServerConfig config, List<UpstreamTool> tools) {}

  private record Snapshot(
      List<ToolDescriptor> tools,
      Map<String, ToolDescriptor> byName,
      Map<String, List<ToolDescriptor>> byConnector) {}

  private final Map<String, Contribution> contributions = new TreeMap<>();
  private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
  private volatile Snapshot snapshot = new Snapshot(List.of(), Map.of(), Map.of());

  List<ToolDescriptor> tools() {
    return snapshot.tools();
  }

  List<ToolDescriptor> tools(String connector) {
    return snapshot.byConnector().getOrDefault(connector, List.of());
  }

  Optional<ToolDescriptor> find(String name) {
    return Optional.ofNullable(snapshot.byName().get(name));
  }

  /** Replaces what that upstream contributes. */
  void put(McpServerConfig config, List<UpstreamTool> tools) {
    change(() -> contributions.put(config.name(), new Contribution(config, tools)));
  }

  /** Takes out what that upstream contributes. */
  void remove(String connector) {
    change(() -> contributions.remove(connector));
  }

  void listen(Runnable listener) {
    listeners.add(listener);
  }

  void unlisten(Runnable listener) {
    listeners.remove(listener);
  }

  private void change(Runnable change) {
    if (changed(change)) {
      listeners.forEach(Catalog::tell);
    }
  }

  private synchronized boolean changed(Runnable change) {
    change.run();
    Snapshot fresh = build();
    boolean differs = !fresh.tools().equals(snapshot.tools());
    if (differs) {
      snapshot = fresh;
    }
    return differs;
  }

  private Snapshot build() {
    Map<ExposedNames.Candidate, Contribution> owners = new LinkedHashMap<>();
    Map<ExposedNames.Candidate, UpstreamTool> tools = new LinkedHashMap<>();
    contributions.forEach(
        (connector, contribution) ->
            contribution
                .tools()
                .forEach(
                    tool -> {
                      var candidate =
                          new ExposedNames.Candidate(
                              connector, contribution.config().prefix(), tool.name());
                      owners.put(candidate, contribution);
                      tools.put(candidate, tool);
                    }));
    List<ToolDescriptor> named = new ArrayList<>();
    ExposedNames.of(List.copyOf(tools.keySet()))
        .forEach(
            (candidate, name) -> {
              Contribution owner = owners.get(candidate);
              UpstreamTool tool = tools.get(candidate);
              if (owner != null && tool != null) {
                named.add(descriptor(owner.config(), tool, name));
              }
            });
    named.sort(Comparator.comparing(ToolDescriptor::name));
    return index(named);
  }

  private static Snapshot index(List<ToolDescriptor> tools) {
    Map<String, ToolDescriptor> byName = new LinkedHashMap<>();
    Map<String, List<ToolDescriptor>> byConnector = new LinkedHashMap<>();
    for (ToolDescriptor tool : tools) {
      byName.put(tool.name(), tool);
      byConnector.computeIfAbsent(tool.connector(), _ -> new ArrayList<>()).add(tool);
    }
    byConnector.replaceAll((_, list) -> List.copyOf(list));
    return new Snapshot(List.copyOf(tools), byName, byConnector);
  }

  private static ToolDescriptor descriptor(McpServerConfig config, UpstreamTool tool, String name) {
    UpstreamGovernance governance = config.governance();
    OperationRules.Operation operation = OperationRules.of(tool, governance.operations());
    Map<String, Object> definition = new LinkedHashMap<>(tool.definition());
    definition.put("name", name);
    return new ToolDescriptor(
        name,
        config.name(),
        tool.name(),
        definition,
        operation.type(),
        operation.source(),
        governance.connectorClass(),
        governance.target(),
        governance.environment());
  }

  private static void tell(Runnable listener) {
    try {
      listener.run();
    } catch (RuntimeException e) {
      LOG.warn("a listener of the tool catalog failed", e);
    }
  }
}
