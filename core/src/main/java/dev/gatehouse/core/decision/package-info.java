/** How a call is decided: a pure function over an immutable situation. */
@NullMarked
package dev.gatehouse.core.decision;

import org.jspecify.annotations.NullMarked;
