/**
 * What the processes of a fleet share while they run.
 *
 * <p>Each process decides alone, at once, from what it knows; the fleet only makes it know more. So
 * every method here returns at once, and a fleet that is away takes nothing from a call: {@link
 * dev.gatehouse.core.fleet.FleetHealth#alone} is a whole implementation, and the default.
 *
 * <pre>{@code
 * fleet.listen(healths);                          // hears of lanes that rest and that serve again
 * fleet.failed(lane, rule);                       // told, not asked: the sum comes back as news
 * fleet.askToProbe(lane).thenAccept(answer -> …)  // one probe in the whole fleet
 * }</pre>
 */
@NullMarked
package dev.gatehouse.core.fleet;

import org.jspecify.annotations.NullMarked;
