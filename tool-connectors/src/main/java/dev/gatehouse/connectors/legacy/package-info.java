/**
 * MCP up to 2025-11-25 towards upstreams: {@code initialize}, questions as requests of the server,
 * and over HTTP a session's id, its stream of news and streams that resume. Fenced: nothing but
 * package {@code negotiation} knows it, and with the two of them the old era is gone.
 */
@NullMarked
package dev.gatehouse.connectors.legacy;

import org.jspecify.annotations.NullMarked;
