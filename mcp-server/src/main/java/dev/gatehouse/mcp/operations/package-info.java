/** The operations by their methods, made once and shared by both eras. */
@NullMarked
package dev.gatehouse.mcp.operations;

import org.jspecify.annotations.NullMarked;
