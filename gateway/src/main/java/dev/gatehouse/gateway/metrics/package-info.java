/**
 * What happens here in numbers, as Prometheus reads them.
 *
 * <p>Every call, try and event leaves a row, so the numbers are sums over the rows on their way
 * into the log: nothing can be counted that is not on record, and nobody else has to count.
 *
 * <pre>{@code
 * PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
 * RowMetrics metrics = new RowMetrics(registry);
 * AuditLog log = new MeteredAuditLog(segments, metrics);   // for everybody who appends
 * registry.scrape();                                        // for whoever scrapes
 * }</pre>
 */
@NullMarked
package dev.gatehouse.gateway.metrics;

import org.jspecify.annotations.NullMarked;
