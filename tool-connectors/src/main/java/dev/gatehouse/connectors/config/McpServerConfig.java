package dev.gatehouse.connectors.config;

import dev.gatehouse.connectors.oauth.ClientMetadata;
import dev.gatehouse.connectors.oauth.UpstreamAuth;
import java.util.Optional;

/**
 * One upstream MCP server as configured.
 *
 * @param name the connector's name: 1 to 64 printable characters, unique
 * @param transport how it is reached
 * @param governance what the Gate must know of it
 * @param timeouts how long to wait for it
 * @param limits how much to take from it
 * @param era which era of MCP to speak with it
 * @param enabled whether it is used at all
 */
public record McpServerConfig(
    String name,
    UpstreamTransport transport,
    UpstreamGovernance governance,
    UpstreamTimeouts timeouts,
    UpstreamLimits limits,
    UpstreamEra era,
    boolean enabled) {

  /** Longest name. */
  public static final int NAME_LENGTH_MAX = 64;

  public McpServerConfig {
    if (name.isBlank()
        || name.length() > NAME_LENGTH_MAX
        || name.chars().anyMatch(Character::isISOControl)) {
      throw new IllegalArgumentException(
          "the name of an MCP server has 1 to "
              + NAME_LENGTH_MAX
              + " printable characters, this has "
              + name.length());
    }
  }

  /** A server with strict governance and default time-outs and limits. */
  public static McpServerConfig of(String name, UpstreamTransport transport) {
    return new McpServerConfig(
        name,
        transport,
        UpstreamGovernance.STRICT,
        UpstreamTimeouts.DEFAULTS,
        UpstreamLimits.DEFAULTS,
        UpstreamEra.AUTO,
        true);
  }

  /** The document by which authorization servers know the gateway as this server's client. */
  public Optional<ClientMetadata> clientMetadata() {
    return transport instanceof UpstreamTransport.Http http
            && http.auth().orElse(null) instanceof UpstreamAuth.AuthorizationCode code
        ? code.metadata()
        : Optional.empty();
  }

  /** The same server with that governance. */
  public McpServerConfig with(UpstreamGovernance other) {
    return new McpServerConfig(name, transport, other, timeouts, limits, era, enabled);
  }

  /** The same server with those time-outs. */
  public McpServerConfig with(UpstreamTimeouts other) {
    return new McpServerConfig(name, transport, governance, other, limits, era, enabled);
  }

  /** The same server with those limits. */
  public McpServerConfig with(UpstreamLimits other) {
    return new McpServerConfig(name, transport, governance, timeouts, other, era, enabled);
  }

  /** The same server in that era. */
  public McpServerConfig with(UpstreamEra other) {
    return new McpServerConfig(name, transport, governance, timeouts, limits, other, enabled);
  }

  /** What stands before each of its tools' names; empty for nothing. */
  public String prefix() {
    return governance.prefix().orElse(name);
  }

  /** Whether a running connection to it can serve the other config too. */
  public boolean connectsLike(McpServerConfig other) {
    return transport.equals(other.transport)
        && timeouts.equals(other.timeouts)
        && limits.equals(other.limits)
        && era == other.era;
  }
}
