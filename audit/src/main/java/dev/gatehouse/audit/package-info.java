/** The hash chain on disk. */
@NullMarked
package dev.gatehouse.audit;

import org.jspecify.annotations.NullMarked;
