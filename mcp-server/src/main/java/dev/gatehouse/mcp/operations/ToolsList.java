package dev.gatehouse.mcp.operations;

import dev.gatehouse.core.registry.Manifest;
import dev.gatehouse.core.tool.ToolCatalog;
import dev.gatehouse.core.tool.ToolDescriptor;
import dev.gatehouse.mcp.config.McpConfig;
import dev.gatehouse.mcp.config.McpPorts;
import dev.gatehouse.mcp.jsonrpc.RpcError;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * {@code tools/list}: the tools that the agent's manifest declares, by name, a page at a time. The
 * cursor is the last name of the page before, so that it stays good while the catalog changes.
 */
final class ToolsList implements Operation {

  private final ToolCatalog catalog;
  private final Visibility visibility;
  private final Supplier<McpConfig> config;

  ToolsList(McpPorts ports, Supplier<McpConfig> config) {
    catalog = ports.catalog();
    visibility = new Visibility(ports.registry());
    this.config = config;
  }

  @Override
  public void run(Invocation invocation, Replier replier) {
    String after;
    try {
      after = after(invocation.params().get("cursor"));
    } catch (IllegalArgumentException e) {
      replier.error(RpcError.invalidParams("cursor is not one of this server's"));
      return;
    }
    replier.result(
        visibility
            .manifest(invocation.principal().agent())
            .map(manifest -> page(manifest, after))
            .orElseGet(() -> Map.of("tools", List.of())));
  }

  private Map<String, Object> page(Manifest manifest, String after) {
    int max = config.get().limits().toolsPageMax();
    List<Object> page = new ArrayList<>();
    Optional<String> last = Optional.empty();
    for (ToolDescriptor tool : catalog.tools()) {
      if (tool.name().compareTo(after) <= 0 || !Visibility.shows(manifest, tool)) {
        continue;
      }
      if (page.size() == max) {
        Map<String, Object> result = LinkedHashMap.newLinkedHashMap(2);
        result.put("tools", page);
        result.put("nextCursor", cursor(last.orElseThrow()));
        return result;
      }
      page.add(tool.definition());
      last = Optional.of(tool.name());
    }
    return Map.of("tools", page);
  }

  private static String cursor(String last) {
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(last.getBytes(StandardCharsets.UTF_8));
  }

  private static String after(@org.jspecify.annotations.Nullable Object cursor) {
    if (cursor == null) {
      return "";
    }
    if (!(cursor instanceof String text)) {
      throw new IllegalArgumentException("not a string");
    }
    String name = new String(Base64.getUrlDecoder().decode(text), StandardCharsets.UTF_8);
    if (name.isEmpty() || name.length() > ToolDescriptor.NAME_LENGTH_MAX) {
      throw new IllegalArgumentException("not a tool name");
    }
    return name;
  }
}
