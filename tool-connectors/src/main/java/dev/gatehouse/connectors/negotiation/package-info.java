/** Which era of MCP an upstream speaks: the only room that knows both. */
@NullMarked
package dev.gatehouse.connectors.negotiation;

import org.jspecify.annotations.NullMarked;
