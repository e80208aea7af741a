/**
 * What a model call takes of limits.
 *
 * <p>A {@link dev.gatehouse.llm.limit.Claim} is what one call takes: an estimate before any
 * provider is asked, from every limit that covers the call or from none, and the truth afterwards.
 * {@link dev.gatehouse.core.limit.Limits} keeps the counts.
 *
 * <pre>{@code
 * Claim claim = new Claim(limits, metering, asked);
 * switch (gate.admit(call, claim)) {            // 429 before any provider is asked
 *   case Granted(var grant) -> …                // and in the end
 *       claim.settle(attempts);                 // what was really used up
 * }</pre>
 */
@NullMarked
package dev.gatehouse.llm.limit;

import org.jspecify.annotations.NullMarked;
