/**
 * Which process a handle was given by. Calls that wait and tasks live where they began; a handle
 * that reaches another node of a fleet, or a later run, says so:
 *
 * <pre>{@code
 * String handle = mark.of(secret);         // carries the mark in front
 * mark.whose(handle);                      // OURS, ELSEWHERE or NOBODYS
 * }</pre>
 */
@NullMarked
package dev.gatehouse.mcp.node;

import org.jspecify.annotations.NullMarked;
