/**
 * What the processes of a fleet share through Redis: the health of the lanes that they call, what
 * is used up, what is stopped, which grants are open, and which policies are published.
 *
 * <p>{@link dev.gatehouse.fleet.RedisFleet} is the whole of it: it tells and asks by one script
 * ({@code health.lua}), hears news by subscription, and reads everything anew when it connects and
 * every few seconds, so that lost news is late news. When Redis does not answer in time the process
 * goes on by itself, says so in one row of the record, and one more when Redis is back.
 *
 * <p>What is stopped, granted and published is decided by who orders it, not by who can write to
 * Redis: each note of that carries a seal ({@link dev.gatehouse.fleet.NoteSeal}). Health and sums
 * do not; they permit nothing.
 *
 * <p>It runs on one thread of its own, {@link dev.gatehouse.fleet.FleetLoop}, and reaches Redis by
 * {@link dev.gatehouse.fleet.RedisLink}; both are ports because the simulation puts its own time
 * and its own Redis there, with the script as it is.
 *
 * <pre>{@code
 * RedisFleet fleet = RedisFleet.start(config, process, node, audit);
 * LlmGateway.create(llm, gate, authenticator, clock, System::nanoTime, fleet);
 * }</pre>
 */
@NullMarked
package dev.gatehouse.fleet;

import org.jspecify.annotations.NullMarked;
