/**
 * The connector of one upstream server.
 *
 * <p>An {@link dev.gatehouse.connectors.upstream.Upstream} carries calls out; its {@code
 * Supervisor}, a virtual thread, keeps it connected and its lists read; {@code Subscriptions}
 * shares the watching of resources.
 */
@NullMarked
package dev.gatehouse.connectors.upstream;

import org.jspecify.annotations.NullMarked;
