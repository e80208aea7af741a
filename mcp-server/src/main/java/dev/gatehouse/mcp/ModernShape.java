package dev.gatehouse.mcp;

import dev.gatehouse.core.tool.ClientRefusedException;
import dev.gatehouse.mcp.config.McpConfig;
import dev.gatehouse.mcp.jsonrpc.RpcError;
import dev.gatehouse.mcp.requests.Era;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What clients of revision 2026-07-28 expect beside a result.
 *
 * @param caching what the client is told about keeping the result
 */
record ModernShape(McpConfig config, Caching caching) implements Era {

  /** How long a result may be kept. What is shown depends on who asks, so by the asker only. */
  enum Caching {
    /** The operation has no such hints. */
    NONE,
    /** As long as the config says. */
    LIST,
    /** As long as the upstream says; not at all when it says nothing. */
    CONTENT
  }

  private static final String META_SERVER = "io.modelcontextprotocol/serverInfo";

  @Override
  public Map<String, Object> shape(Map<String, Object> result) {
    Map<String, Object> shaped = LinkedHashMap.newLinkedHashMap(result.size() + 4);
    shaped.put("resultType", "complete");
    shaped.putAll(result);
    shaped.put("resultType", "complete");
    switch (caching) {
      case NONE -> {}
      case LIST -> hint(shaped, config.times().listTtl().toMillis());
      case CONTENT -> hint(shaped, upstreamTtl(result.get("ttlMs")));
    }
    Map<String, Object> meta = new LinkedHashMap<>();
    if (result.get("_meta") instanceof Map<?, ?> present) {
      present.forEach((key, value) -> meta.put(String.valueOf(key), value));
    }
    meta.put(META_SERVER, Map.of("name", config.serverName(), "version", config.serverVersion()));
    shaped.put("_meta", meta);
    return shaped;
  }

  private static void hint(Map<String, Object> shaped, long ttlMs) {
    shaped.put("ttlMs", ttlMs);
    shaped.put("cacheScope", "private");
  }

  private static long upstreamTtl(@Nullable Object ttlMs) {
    return ttlMs instanceof Integer || ttlMs instanceof Long
        ? Math.max(0, ((Number) ttlMs).longValue())
        : 0;
  }

  @Override
  public int status(RpcError error) {
    return error.code() == ClientRefusedException.MISSING_CAPABILITY ? 400 : 200;
  }

  @Override
  public RpcError shape(RpcError error) {
    return error.code() == RpcError.RESOURCE_NOT_FOUND
        ? new RpcError(RpcError.INVALID_PARAMS, error.message(), error.data())
        : error;
  }
}
