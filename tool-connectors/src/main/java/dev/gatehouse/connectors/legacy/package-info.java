/**
 * MCP up to 2025-11-25 towards upstreams: {@code initialize}, and questions as requests of the
 * server. Fenced: nothing but package {@code negotiation} knows it, and with the two of them the
 * old era is gone.
 */
@NullMarked
package dev.gatehouse.connectors.legacy;

import org.jspecify.annotations.NullMarked;
