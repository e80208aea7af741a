package dev.gatehouse.connectors.catalog;

import dev.gatehouse.connectors.config.UpstreamGovernance;
import dev.gatehouse.connectors.offer.ListKind;
import dev.gatehouse.connectors.offer.UpstreamEntry;
import dev.gatehouse.core.tool.ToolDescriptor;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The tools of all upstreams under their exposed names. Immutable. */
public final class ToolIndex {

  private final List<ToolDescriptor> tools;
  private final Map<String, ToolDescriptor> byName = new LinkedHashMap<>();
  private final Map<String, List<ToolDescriptor>> byConnector = new LinkedHashMap<>();

  private ToolIndex(List<ToolDescriptor> tools) {
    this.tools = List.copyOf(tools);
    for (ToolDescriptor tool : tools) {
      byName.put(tool.name(), tool);
      byConnector.computeIfAbsent(tool.connector(), _ -> new ArrayList<>()).add(tool);
    }
    byConnector.replaceAll((_, list) -> List.copyOf(list));
  }

  /** Names what all upstreams contribute. */
  static ToolIndex of(Collection<Contribution> contributions) {
    Map<ExposedNames.Candidate, Contribution.Part> parts =
        Contribution.named(contributions, ListKind.TOOLS);
    List<ToolDescriptor> named = new ArrayList<>();
    Map<ExposedNames.Candidate, String> names = ExposedNames.of(List.copyOf(parts.keySet()));
    parts.forEach(
        (candidate, part) -> named.add(descriptor(part, names.getOrDefault(candidate, ""))));
    named.sort(Comparator.comparing(ToolDescriptor::name));
    return new ToolIndex(named);
  }

  /** All, in the order of their names. */
  public List<ToolDescriptor> all() {
    return tools;
  }

  public List<ToolDescriptor> of(String connector) {
    return byConnector.getOrDefault(connector, List.of());
  }

  public Optional<ToolDescriptor> find(String name) {
    return Optional.ofNullable(byName.get(name));
  }

  private static ToolDescriptor descriptor(Contribution.Part part, String name) {
    UpstreamEntry tool = part.entry();
    UpstreamGovernance governance = part.config().governance();
    OperationRules.Operation operation = OperationRules.of(tool, governance.operations());
    Map<String, Object> definition = new LinkedHashMap<>(tool.definition());
    definition.put("name", name);
    return new ToolDescriptor(
        name,
        part.config().name(),
        tool.name(),
        definition,
        operation.type(),
        operation.source(),
        governance.connectorClass(),
        governance.target(),
        governance.environment(),
        part.quarantined(),
        governance.targetsOf(tool.name()));
  }
}
