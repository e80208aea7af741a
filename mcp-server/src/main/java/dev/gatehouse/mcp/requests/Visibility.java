package dev.gatehouse.mcp.requests;

import dev.gatehouse.core.call.ContextCall;
import dev.gatehouse.core.call.GovernedCall;
import dev.gatehouse.core.call.ModelCall;
import dev.gatehouse.core.call.OperationType;
import dev.gatehouse.core.call.ToolCall;
import dev.gatehouse.core.context.ContextDescriptor;
import dev.gatehouse.core.registry.AgentId;
import dev.gatehouse.core.registry.Manifest;
import dev.gatehouse.core.registry.Registry;
import dev.gatehouse.core.tool.ToolDescriptor;
import java.util.Optional;

/** Which tools, resources and prompts an agent may know of: those that its manifest declares. */
public final class Visibility {

  private final Registry registry;

  public Visibility(Registry registry) {
    this.registry = registry;
  }

  /** The agent's manifest; empty when the agent is not registered. */
  public Optional<Manifest> manifest(AgentId agent) {
    return registry.find(agent).map(found -> found.manifest());
  }

  /**
   * Whether the agent must not learn that what it calls exists: its manifest does not declare it.
   */
  public boolean hides(GovernedCall call) {
    return manifest(call.principal().agent())
        .filter(
            manifest ->
                switch (call) {
                  case ToolCall tool -> shows(manifest, tool.tool());
                  case ContextCall context -> shows(manifest, context.source(), context.name());
                  case ModelCall _ -> false;
                })
        .isEmpty();
  }

  /** Whether a resource, template or prompt may be known under that name. */
  public static boolean shows(Manifest manifest, ContextDescriptor source, String name) {
    return manifest.operations().contains(OperationType.READ)
        && manifest.bounds().declareData(source.connectorClass())
        && switch (source.kind()) {
          case RESOURCE, RESOURCE_TEMPLATE -> manifest.declaresResource(name);
          case PROMPT -> manifest.declaresPrompt(name);
        };
  }

  public static boolean shows(Manifest manifest, ToolDescriptor tool) {
    return !tool.quarantined()
        && manifest.operations().contains(tool.operationType())
        && manifest.bounds().declareData(tool.connectorClass())
        && manifest.declaresTool(tool.name());
  }
}
