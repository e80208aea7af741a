/** Bounded waits of virtual threads, and time that several steps share. */
@NullMarked
package dev.gatehouse.connectors.waits;

import org.jspecify.annotations.NullMarked;
