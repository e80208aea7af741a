package dev.gatehouse.mcp.http;

import io.vertx.core.MultiMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * The check that no header by which a request is judged comes twice. Of two values, whoever stands
 * in front of this server may have acted on the other one.
 */
public final class SingleHeaders {

  private static final String OF_MCP = "mcp-";
  private static final Set<String> OTHERS =
      Set.of("authorization", "x-api-key", "last-event-id", "content-type");

  private SingleHeaders() {}

  /** The name of a header that comes twice; empty when there is none. */
  public static Optional<String> repeated(MultiMap headers) {
    Set<String> seen = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
    for (Map.Entry<String, String> header : headers) {
      String name = header.getKey();
      if (name.regionMatches(true, 0, OF_MCP, 0, OF_MCP.length()) && !seen.add(name)) {
        return Optional.of(name);
      }
    }
    return OTHERS.stream().filter(name -> headers.getAll(name).size() > 1).findFirst();
  }
}
