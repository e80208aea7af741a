/**
 * Connectors to upstream MCP servers, and the catalog of their tools.
 *
 * <p>{@link dev.gatehouse.connectors.McpConnectors} is the way in: it holds one upstream for each
 * {@link dev.gatehouse.connectors.McpServerConfig} and is the catalog that agents see.
 *
 * <pre>{@code
 * var everything = McpServerConfig.of("everything",
 *     new Stdio("npx", List.of("-y", "@modelcontextprotocol/server-everything"), Map.of(), Optional.empty()));
 * try (var connectors = McpConnectors.start(vertx, clock, random, pins, List.of(everything))) {
 *   connectors.find("everything__echo");
 * }
 * }</pre>
 *
 * <p>From outside in: an {@code Upstream} is the {@code ToolConnector} of one server; its {@code
 * Supervisor}, a virtual thread, keeps it connected and its tools listed; an {@code RpcSession} is
 * one JSON-RPC conversation with it; a {@code Wire} carries that conversation over a child's
 * standard streams or over HTTP. {@code Catalog} gives all tools their exposed names and swaps one
 * immutable snapshot at a time. What an upstream lists and answers is scanned on its way: {@code
 * DefinitionScan} and {@code CallScan} hand it to package {@code scan}.
 *
 * <p>A session speaks one era of MCP, its {@code Dialect}; {@code Negotiation} finds out which.
 * {@code ModernDialect} is 2026-07-28: a {@code ModernCall} is followed through questions and
 * {@code ModernTask}s, and {@code ModernListening} brings changes. {@code LegacyDialect} and what
 * else is called legacy speak up to 2025-11-25, and can be deleted with it.
 *
 * <p>A call runs on the caller's event loop: over HTTP it never leaves that loop, over stdio a
 * reader thread of the child completes it.
 */
@NullMarked
package dev.gatehouse.connectors;

import org.jspecify.annotations.NullMarked;
