/**
 * The MCP endpoint: what an agent's MCP client talks to.
 *
 * <p>A request's way: {@link dev.gatehouse.mcp.McpEndpoint} checks where it comes from and who
 * sends it, reads the body within limits and hands the message to its era. The modern era
 * (2026-07-28, every POST stands alone) is the main line; the old era (sessions) lives fenced in
 * {@code legacy} and can be deleted with that package. Both run the same {@code operations}, which
 * know neither HTTP nor eras. A {@code tools/call} passes the Gate there: admit, execute with the
 * grant, settle, and only then is anything released.
 *
 * <pre>{@code
 * McpEndpoint mcp = McpEndpoint.create(vertx, ports, McpConfig.DEFAULT);
 * vertx.createHttpServer().requestHandler(mcp::handle).listen(4000, "127.0.0.1");
 * }</pre>
 */
@NullMarked
package dev.gatehouse.mcp;

import org.jspecify.annotations.NullMarked;
