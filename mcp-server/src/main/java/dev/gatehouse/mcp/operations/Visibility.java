package dev.gatehouse.mcp.operations;

import dev.gatehouse.core.registry.AgentId;
import dev.gatehouse.core.registry.Manifest;
import dev.gatehouse.core.registry.Registry;
import dev.gatehouse.core.tool.ToolDescriptor;
import java.util.Optional;

/** Which tools an agent may know of: those that its manifest declares. */
final class Visibility {

  private final Registry registry;

  Visibility(Registry registry) {
    this.registry = registry;
  }

  /** The agent's manifest; empty when the agent is not registered. */
  Optional<Manifest> manifest(AgentId agent) {
    return registry.find(agent).map(found -> found.manifest());
  }

  static boolean shows(Manifest manifest, ToolDescriptor tool) {
    return manifest.operations().contains(tool.operationType())
        && manifest.declaresTool(tool.name());
  }
}
