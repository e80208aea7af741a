/** Connectors to upstream MCP servers. */
@NullMarked
package dev.gatehouse.connectors;

import org.jspecify.annotations.NullMarked;
