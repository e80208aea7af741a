/**
 * The OAuth client of upstream MCP servers: how the gateway comes by the tokens that it shows them.
 *
 * <p>A wire asks its {@link dev.gatehouse.connectors.oauth.UpstreamAuthorizer} for the credentials
 * of each request, and tells it when the server refused them:
 *
 * <pre>{@code
 * var authorization = authorizer.request("POST");
 * authorization.headers().thenAccept(headers -> …send…);
 * // 401, WWW-Authenticate: Bearer resource_metadata="…"
 * authorization.refused(refusal).thenAccept(verdict -> …send again, or give up…);
 * }</pre>
 */
@NullMarked
package dev.gatehouse.connectors.oauth;

import org.jspecify.annotations.NullMarked;
