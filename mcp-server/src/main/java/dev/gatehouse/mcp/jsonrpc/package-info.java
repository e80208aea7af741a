/** JSON-RPC 2.0 on the wire: bytes to messages within limits, and messages to bytes. */
@NullMarked
package dev.gatehouse.mcp.jsonrpc;

import org.jspecify.annotations.NullMarked;
