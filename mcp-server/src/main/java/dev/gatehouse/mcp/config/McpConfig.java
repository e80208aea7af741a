package dev.gatehouse.mcp.config;

import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The endpoint's settings; a reload swaps the whole record.
 *
 * @param path the path it answers on
 * @param serverName how it names itself to clients
 * @param serverVersion its version, for clients to show
 * @param instructions what a model is told about this server; empty for nothing
 * @param allowedHosts host names, without port, under which the server may be addressed and from
 *     which pages may call it, besides the loopback names; {@code *} allows any and so gives up the
 *     protection against DNS rebinding
 * @param allowedOrigins further origins that may call it, such as {@code https://console.example}
 * @param waiting how calls that ask or take long are held
 * @param outcomes how outcomes are kept that reached no client
 * @param reasonArgument whether tools are listed with an argument by which a model may say why it
 *     calls
 * @param approvalHint how a person answers a question, with <code>{id}</code> for its name
 */
public record McpConfig(
    String path,
    String serverName,
    String serverVersion,
    String instructions,
    Set<String> allowedHosts,
    Set<String> allowedOrigins,
    boolean reasonArgument,
    String approvalHint,
    McpLimits limits,
    McpTimes times,
    McpWaiting waiting,
    McpOutcomes outcomes) {

  /** Loopback names only, default limits and times. */
  public static final McpConfig DEFAULT =
      new McpConfig(
          "/mcp",
          "gatehouse",
          "0.1.0",
          "",
          Set.of(),
          Set.of(),
          false,
          "gatehouse approval approve {id}",
          McpLimits.DEFAULT,
          McpTimes.DEFAULT,
          McpWaiting.DEFAULT,
          McpOutcomes.DEFAULT);

  public McpConfig {
    if (!path.startsWith("/")) {
      throw new IllegalArgumentException("the MCP path begins with '/', this is '" + path + "'");
    }
    allowedHosts = lowerCase(allowedHosts);
    allowedOrigins = lowerCase(allowedOrigins);
  }

  private static Set<String> lowerCase(Set<String> names) {
    return names.stream()
        .map(name -> name.toLowerCase(Locale.ROOT))
        .collect(Collectors.toUnmodifiableSet());
  }
}
