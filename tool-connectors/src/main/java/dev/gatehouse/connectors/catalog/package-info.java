/**
 * What all upstreams offer, under the names that agents see.
 *
 * <p>{@link dev.gatehouse.connectors.catalog.Catalog} takes what one upstream lists, has it scanned
 * and judged by the pins, settles names and URIs that several want, and swaps one immutable
 * snapshot for the next.
 */
@NullMarked
package dev.gatehouse.connectors.catalog;

import org.jspecify.annotations.NullMarked;
