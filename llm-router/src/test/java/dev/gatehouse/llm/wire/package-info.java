/** Tests of the bytes. */
@NullMarked
package dev.gatehouse.llm.wire;

import org.jspecify.annotations.NullMarked;
