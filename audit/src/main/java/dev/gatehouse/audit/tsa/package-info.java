/**
 * Asking an authority for time-stamps: the {@link dev.gatehouse.audit.tsa.Stamper} lets the newest
 * fleet checkpoint be stamped, on a thread of its own, and keeps the answer beside the note.
 */
@NullMarked
package dev.gatehouse.audit.tsa;

import org.jspecify.annotations.NullMarked;
