/**
 * The old era: protocol revisions 2025-03-26 to 2025-11-25, with a handshake and sessions. Nothing
 * outside needs this package but the two lines of McpEndpoint that name it.
 */
@NullMarked
package dev.gatehouse.mcp.legacy;

import org.jspecify.annotations.NullMarked;
