/**
 * Segments as they are read back: {@link dev.gatehouse.audit.segment.BatchReader} finds whole
 * batches, {@link dev.gatehouse.audit.segment.StreamWalker} checks what binds their rows, {@code
 * TailJudge} tells a torn end from damage.
 */
@NullMarked
package dev.gatehouse.audit.segment;

import org.jspecify.annotations.NullMarked;
