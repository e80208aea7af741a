/**
 * The load driver: N keep-alive connections, each with one request in flight, on one thread and one
 * selector, so that the driver takes as little as possible from the cores that it shares with the
 * process it loads.
 *
 * <p>Closed loop: a slow answer delays the next request of that connection only, so latencies say
 * how long an answer took, not how long an independent caller would have queued.
 *
 * <pre>{@code
 * LoadResult result = LoadDriver.run(new LoadPlan(port, requests, "\"id\"", Duration.ofSeconds(3)));
 * }</pre>
 */
@NullMarked
package dev.gatehouse.bench.load;

import org.jspecify.annotations.NullMarked;
