package dev.gatehouse.mcp.legacy;

import dev.gatehouse.mcp.jsonrpc.RpcError;
import dev.gatehouse.mcp.requests.Era;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Replies as clients of the old era read them: without result types and caching, and structured
 * results as objects only. Errors come with status 200.
 */
final class LegacyShape implements Era {

  /** What the new era adds to results. */
  private static final List<String> FOREIGN = List.of("resultType", "ttlMs", "cacheScope");

  @Override
  public Map<String, Object> shape(Map<String, Object> result) {
    boolean foreign =
        FOREIGN.stream().anyMatch(result::containsKey)
            || (result.containsKey("structuredContent")
                && !(result.get("structuredContent") instanceof Map<?, ?>));
    if (!foreign) {
      return result;
    }
    Map<String, Object> shaped = new LinkedHashMap<>(result);
    FOREIGN.forEach(shaped::remove);
    if (!(shaped.get("structuredContent") instanceof Map<?, ?>)) {
      shaped.remove("structuredContent");
    }
    return shaped;
  }

  @Override
  public int status(RpcError error) {
    return 200;
  }

  @Override
  public RpcError shape(RpcError error) {
    return error;
  }
}
