/**
 * A fleet in one thread: the gateway's own breakers, journeys, fleet client and Redis script, with
 * time, network, Redis and providers made of a seed.
 *
 * <p>{@link dev.gatehouse.failover.simulation.Schedule} draws a schedule of faults, {@link
 * dev.gatehouse.failover.simulation.World} lives through it, {@link
 * dev.gatehouse.failover.simulation.Oracle} watches with knowledge that no process has. The same
 * seed gives the same world to the last event.
 */
@NullMarked
package dev.gatehouse.failover.simulation;

import org.jspecify.annotations.NullMarked;
