/** The MCP endpoint. */
@NullMarked
package dev.gatehouse.mcp;

import org.jspecify.annotations.NullMarked;
