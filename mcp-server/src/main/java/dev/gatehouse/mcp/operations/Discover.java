package dev.gatehouse.mcp.operations;

import dev.gatehouse.mcp.asking.ClientCapabilities;
import dev.gatehouse.mcp.config.McpConfig;
import dev.gatehouse.mcp.requests.Invocation;
import dev.gatehouse.mcp.requests.Operation;
import dev.gatehouse.mcp.requests.Replier;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** {@code server/discover}: what this server speaks and can do. */
final class Discover implements Operation {

  private final List<String> versions;
  private final Supplier<McpConfig> config;

  Discover(List<String> versions, Supplier<McpConfig> config) {
    this.versions = versions;
    this.config = config;
  }

  @Override
  public void run(Invocation invocation, Replier replier) {
    Map<String, Object> result = new LinkedHashMap<>();
    result.put("supportedVersions", versions);
    Map<String, Object> capabilities = new LinkedHashMap<>(Operations.CAPABILITIES);
    capabilities.putAll(ClientCapabilities.TASKS_NEEDED); // servers declare it like clients do
    result.put("capabilities", capabilities);
    if (!config.get().instructions().isEmpty()) {
      result.put("instructions", config.get().instructions());
    }
    replier.result(result);
  }
}
