/**
 * What the gateway hands the endpoint: ports, names, limits, times. Plain records, swapped whole on
 * reload.
 */
@NullMarked
package dev.gatehouse.mcp.config;

import org.jspecify.annotations.NullMarked;
