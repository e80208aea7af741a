/**
 * Connectors to upstream MCP servers, and the catalog of what they offer.
 *
 * <p>{@link dev.gatehouse.connectors.McpConnectors} is the way in: it holds one upstream for each
 * {@link dev.gatehouse.connectors.config.McpServerConfig} and is the catalog that agents see.
 *
 * <pre>{@code
 * var everything = McpServerConfig.of("everything",
 *     new Stdio("npx", List.of("-y", "@modelcontextprotocol/server-everything"), Map.of(), Optional.empty()));
 * try (var connectors = McpConnectors.start(vertx, clock, random, pins, List.of(everything))) {
 *   connectors.find("everything__echo");
 * }
 * }</pre>
 *
 * <p>The rooms, from outside in; {@code RoomsTest} says which sees which:
 *
 * <ul>
 *   <li>{@code upstream}: the connector of one server, which keeps itself connected
 *   <li>{@code call}: a governed call, in the upstream's words and back; {@code catalog}: what all
 *       upstreams offer, under the names that agents see
 *   <li>{@code pins}: which definitions are approved; {@code scan}: what is hidden in texts; {@code
 *       oauth}: how the gateway comes by an upstream's tokens
 *   <li>{@code negotiation}: which era of MCP a server speaks; {@code modern} is 2026-07-28, {@code
 *       legacy} all before it
 *   <li>{@code rpc}: one conversation; {@code http}, {@code stdio} and {@code process} carry it
 *   <li>{@code offer}, {@code config}, {@code json}, {@code waits}: what all of them share
 * </ul>
 *
 * <p>A call runs on the caller's event loop: over HTTP it never leaves that loop, over stdio a
 * reader thread of the child completes it.
 */
@NullMarked
package dev.gatehouse.connectors;

import org.jspecify.annotations.NullMarked;
