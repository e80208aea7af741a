/**
 * What a call asks of its client: which questions may be put to it, what counts as an answer, and
 * the sealed name under which a call waits while nobody is connected.
 *
 * <p>A call of a tool asks {@code name}; the client declared {@code elicitation}, so the question
 * becomes open, travels as the era demands, and an answer that fits closes it. Knows neither HTTP
 * nor eras.
 */
@NullMarked
package dev.gatehouse.mcp.asking;

import org.jspecify.annotations.NullMarked;
