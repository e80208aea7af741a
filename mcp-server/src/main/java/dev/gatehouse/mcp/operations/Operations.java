package dev.gatehouse.mcp.operations;

import dev.gatehouse.core.registry.AgentId;
import dev.gatehouse.core.tool.ToolCatalog;
import dev.gatehouse.core.tool.ToolDescriptor;
import dev.gatehouse.mcp.config.McpConfig;
import dev.gatehouse.mcp.config.McpPorts;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/** All operations, made once and shared by both eras. Thread-safe. */
public final class Operations implements AutoCloseable {

  /** What this server declares that it can do. */
  public static final Map<String, Object> CAPABILITIES =
      Map.of("tools", Map.of("listChanged", true), "logging", Map.of());

  private final Supplier<McpConfig> config;
  private final ToolCatalog catalog;
  private final Visibility visibility;
  private final ListChanges changes;
  private final InFlight streams = new InFlight();
  private final Operation toolsList;
  private final Operation toolsCall;
  private final Listen listen;

  public Operations(McpPorts ports, Supplier<McpConfig> config, RandomGenerator random) {
    this.config = config;
    catalog = ports.catalog();
    visibility = new Visibility(ports.registry());
    changes = new ListChanges(ports.catalog());
    toolsList = new ToolsList(ports, config);
    toolsCall =
        new ToolsCall(new CallParts(ports, config, new InFlight(), new ApprovedCalls()), random);
    listen = new Listen(changes, streams, config);
  }

  /** {@code server/discover} for these versions. */
  public Operation discover(List<String> versions) {
    return new Discover(versions, config);
  }

  /** {@code tools/list}. */
  public Operation toolsList() {
    return toolsList;
  }

  /** {@code tools/call}. */
  public Operation toolsCall() {
    return toolsCall;
  }

  /** {@code subscriptions/listen}. */
  public Operation listen() {
    return listen;
  }

  /** The tool of that name, if the agent may know of it. */
  public Optional<ToolDescriptor> visibleTool(AgentId agent, String name) {
    return catalog
        .find(name)
        .filter(
            tool ->
                visibility
                    .manifest(agent)
                    .filter(manifest -> Visibility.shows(manifest, tool))
                    .isPresent());
  }

  /** Changes of the tool list. */
  public ListChanges changes() {
    return changes;
  }

  /** The notification streams that each agent has open. */
  public InFlight streams() {
    return streams;
  }

  @Override
  public void close() {
    listen.close();
    changes.close();
  }
}
