package dev.gatehouse.console;

import dev.gatehouse.core.call.OperationType;
import dev.gatehouse.core.registry.Glob;
import dev.gatehouse.core.registry.Manifest;
import dev.gatehouse.core.tool.ToolDescriptor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * What an agent can reach by what its manifest declares: connector by connector, how many tools of
 * which operation type. What one of its calls may set off does not go beyond it.
 */
final class BlastRadius {

  private BlastRadius() {}

  static Map<String, Object> of(Manifest manifest, List<ToolDescriptor> tools) {
    Map<String, List<ToolDescriptor>> byConnector = new TreeMap<>();
    int reached = 0;
    for (ToolDescriptor tool : tools) {
      if (reaches(manifest, tool)) {
        byConnector.computeIfAbsent(tool.connector(), _ -> new ArrayList<>()).add(tool);
        reached++;
      }
    }
    Map<String, Object> tree = new LinkedHashMap<>();
    tree.put("tools", reached);
    tree.put("connectors", byConnector.values().stream().map(BlastRadius::connector).toList());
    tree.put("models", manifest.models().stream().map(Glob::pattern).toList());
    return tree;
  }

  private static boolean reaches(Manifest manifest, ToolDescriptor tool) {
    return !tool.quarantined()
        && manifest.declaresTool(tool.name())
        && manifest.operations().contains(tool.operationType());
  }

  private static Map<String, Object> connector(List<ToolDescriptor> tools) {
    ToolDescriptor one = tools.getFirst();
    Map<String, Object> tree = new LinkedHashMap<>();
    tree.put("connector", one.connector());
    tree.put("class", one.connectorClass());
    tree.put("tier", word(one.targetTier()));
    for (OperationType type : OperationType.values()) {
      tree.put(word(type), tools.stream().filter(tool -> tool.operationType() == type).count());
    }
    return tree;
  }

  private static String word(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }
}
