/**
 * Decides LLM calls again from their rows.
 *
 * <p>What a call's row keeps of its {@link dev.gatehouse.llm.failover.Journey} is everything that
 * the journey was told: which lanes let it in, what failed and how, the seed of its draws. The same
 * code is told the same once more, with the routing config that was on record then, and has to
 * arrive at the same order, exclusions, tries and waits.
 *
 * <pre>{@code
 * RecordedCall call = RecordedCall.read(outcomeRow);
 * Replayed again = LlmReplay.again(call, routing);   // again.difference() is empty, or the row lies
 * Replayed other = LlmReplay.under(call, otherConfig);
 * }</pre>
 */
@NullMarked
package dev.gatehouse.llm.replay;

import org.jspecify.annotations.NullMarked;
