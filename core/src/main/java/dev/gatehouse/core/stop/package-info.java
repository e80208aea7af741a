/**
 * The kill switch: a person stops an agent, a connector, a set of labels or everything, at once.
 *
 * <p>In a fleet each process holds its own switch, and a {@link
 * dev.gatehouse.core.fleet.NoteCarrier} makes the others know what was ordered at one. An order has
 * a name; lifting names the orders that it lifts. So a process that comes back late cannot bring
 * back what was lifted, and lifting never undoes a stop that whoever lifted did not know.
 */
@NullMarked
package dev.gatehouse.core.stop;

import org.jspecify.annotations.NullMarked;
