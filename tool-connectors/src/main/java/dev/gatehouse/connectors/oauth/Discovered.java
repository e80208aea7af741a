package dev.gatehouse.connectors.oauth;

/**
 * Who protects an upstream.
 *
 * @param resource its identifier
 * @param scopes what it says that basic use takes
 * @param dpopRequired whether it takes bound tokens only
 * @param server its authorization server
 */
record Discovered(
    String resource, Scopes scopes, boolean dpopRequired, AuthorizationServer server) {}
