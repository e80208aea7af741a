/**
 * The client's side of one call, through however many requests it takes.
 *
 * <p>A {@link dev.gatehouse.mcp.waiting.Caller} is told, asked and answered. Which request of it
 * waits now is its attendance; between two it is parked under a sealed name; or none has to wait
 * because the call became a task.
 */
@NullMarked
package dev.gatehouse.mcp.waiting;

import org.jspecify.annotations.NullMarked;
