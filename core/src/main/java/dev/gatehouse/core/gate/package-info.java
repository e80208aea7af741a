/**
 * The enforcement point. Open Gate first: admit decides and records, settle records what happened.
 */
@NullMarked
package dev.gatehouse.core.gate;

import org.jspecify.annotations.NullMarked;
