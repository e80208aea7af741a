/** Governed tools and the connectors that execute them. */
@NullMarked
package dev.gatehouse.core.tool;

import org.jspecify.annotations.NullMarked;
