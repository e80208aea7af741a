/**
 * A client's request as operations see it, the same in both eras: an {@link
 * dev.gatehouse.mcp.requests.Invocation} comes in, and one answer goes out through a {@link
 * dev.gatehouse.mcp.requests.Replier}. Knows what an agent may see and how much of what it may have
 * running; knows no era but through {@link dev.gatehouse.mcp.requests.Era}.
 */
@NullMarked
package dev.gatehouse.mcp.requests;

import org.jspecify.annotations.NullMarked;
