/** Small files that outlive the process: whole and durable, or as they were before. */
@NullMarked
package dev.gatehouse.core.file;

import org.jspecify.annotations.NullMarked;
