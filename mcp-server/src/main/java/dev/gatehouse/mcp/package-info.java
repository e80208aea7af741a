/**
 * The MCP endpoint: what an agent's MCP client talks to.
 *
 * <p>A request's way: {@link dev.gatehouse.mcp.McpEndpoint} checks where it comes from and who
 * sends it, reads the body within limits and hands the message to its era. The modern era
 * (2026-07-28, every POST stands alone) is the main line; the old era (sessions) lives fenced in
 * {@code legacy} and can be deleted with that package. Both run the same {@code operations}, which
 * know no eras. A {@code tools/call} passes the Gate there: admit, execute with the grant, settle,
 * and only then is anything released.
 *
 * <pre>{@code
 * McpEndpoint mcp = McpEndpoint.create(vertx, ports, McpConfig.DEFAULT);
 * vertx.createHttpServer().requestHandler(mcp::handle).listen(4000, "127.0.0.1");
 * }</pre>
 *
 * <p>The rooms, from outside in; {@code RoomsTest} says which sees which:
 *
 * <ul>
 *   <li>{@code legacy}: the old era; {@code operations}: what both eras can be asked for
 *   <li>{@code calls}: a governed call from request to reply; {@code lists} and {@code listening}:
 *       what there is, and what changes
 *   <li>{@code outcomes}: one execution for all who wait for it; {@code waiting}: the client of a
 *       call, over however many requests
 *   <li>{@code replies} and {@code requests}: what operations say and hear
 *   <li>{@code asking}, {@code tasks}, {@code schema}, {@code node}: questions to clients, tasks,
 *       what fits a schema, whose handle this is
 *   <li>{@code http}, {@code jsonrpc}, {@code config}: what all of them share
 * </ul>
 */
@NullMarked
package dev.gatehouse.mcp;

import org.jspecify.annotations.NullMarked;
