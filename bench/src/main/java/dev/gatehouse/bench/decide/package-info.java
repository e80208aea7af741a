/**
 * The {@code decide} bench: {@link dev.gatehouse.core.gate.Gate#admit} under a realistic
 * configuration, beside the same with nothing to decide, each with a log that drops its rows. What
 * is left out, canonical form and everything after it, is what the {@code audit} bench measures.
 */
@NullMarked
package dev.gatehouse.bench.decide;

import org.jspecify.annotations.NullMarked;
