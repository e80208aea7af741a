/**
 * Calls that a person approved, each carried out once: all who made it follow the one execution,
 * and an outcome that reached none of them is kept for a while, for who asks again.
 */
@NullMarked
package dev.gatehouse.mcp.outcomes;

import org.jspecify.annotations.NullMarked;
