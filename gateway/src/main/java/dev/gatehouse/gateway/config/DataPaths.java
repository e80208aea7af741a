package dev.gatehouse.gateway.config;

import java.util.Set;

/** The paths of the data plane. */
final class DataPaths {

  private static final Set<String> EXACT =
      Set.of(
          "/mcp",
          "/healthz",
          "/readyz",
          "/oauth/token",
          "/oauth/authorize",
          "/.well-known/jwks.json",
          "/.well-known/openid-configuration");

  private static final Set<String> UNDER =
      Set.of(
          "/v1/",
          "/.well-known/oauth-protected-resource",
          "/.well-known/oauth-authorization-server",
          "/.well-known/openid-configuration/");

  private DataPaths() {}

  /** Whether the gateway may serve something of its own there. */
  static boolean taken(String path) {
    return EXACT.contains(path) || UNDER.stream().anyMatch(path::startsWith);
  }
}
