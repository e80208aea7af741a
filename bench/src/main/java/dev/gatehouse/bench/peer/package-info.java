/**
 * The processes around the gateway under test: a mock upstream that answers at once from canned
 * bytes, and the bare Vert.x hop that the gateway is compared with.
 */
@NullMarked
package dev.gatehouse.bench.peer;

import org.jspecify.annotations.NullMarked;
