/**
 * How much calls may use up, and how much they did.
 *
 * <p>{@link dev.gatehouse.core.limit.Limits} keeps the counts, of what models use up and of how
 * often tools are called, over a restart and with a fleet. What one call takes of them is an {@link
 * dev.gatehouse.core.gate.Allowance}, which the Gate asks last:
 *
 * <pre>{@code
 * switch (gate.admit(call, objection, limits.ofCall(call))) {      // Refused: limits.NAME
 *   …
 * }</pre>
 */
@NullMarked
package dev.gatehouse.core.limit;

import org.jspecify.annotations.NullMarked;
