package dev.gatehouse.mcp;

import dev.gatehouse.mcp.config.McpConfig;
import dev.gatehouse.mcp.jsonrpc.RpcError;
import dev.gatehouse.mcp.operations.Era;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What clients of revision 2026-07-28 expect beside a result.
 *
 * @param cacheable whether the operation's result may be kept; it depends on who asks, so by the
 *     asking client only
 */
record ModernShape(McpConfig config, boolean cacheable) implements Era {

  private static final String META_SERVER = "io.modelcontextprotocol/serverInfo";

  @Override
  public Map<String, Object> shape(Map<String, Object> result) {
    Map<String, Object> shaped = LinkedHashMap.newLinkedHashMap(result.size() + 4);
    shaped.put("resultType", "complete");
    shaped.putAll(result);
    shaped.put("resultType", "complete");
    if (cacheable) {
      shaped.put("ttlMs", config.times().listTtl().toMillis());
      shaped.put("cacheScope", "private");
    }
    Map<String, Object> meta = new LinkedHashMap<>();
    if (result.get("_meta") instanceof Map<?, ?> present) {
      present.forEach((key, value) -> meta.put(String.valueOf(key), value));
    }
    meta.put(META_SERVER, Map.of("name", config.serverName(), "version", config.serverVersion()));
    shaped.put("_meta", meta);
    return shaped;
  }

  @Override
  public RpcError shape(RpcError error) {
    return error.code() == RpcError.RESOURCE_NOT_FOUND
        ? new RpcError(RpcError.INVALID_PARAMS, error.message(), error.data())
        : error;
  }
}
