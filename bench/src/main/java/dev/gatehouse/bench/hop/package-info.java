/**
 * The {@code llm} and {@code mcp} benches: the gateway as a hop, beside a bare Vert.x hop, in front
 * of the same mock upstream. The three run in processes of their own, both hops with the same JVM
 * flags and number of event loops.
 */
@NullMarked
package dev.gatehouse.bench.hop;

import org.jspecify.annotations.NullMarked;
