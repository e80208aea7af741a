/** Putting the end of a stream in order whose process did not close it. */
@NullMarked
package dev.gatehouse.audit.recovery;

import org.jspecify.annotations.NullMarked;
