/** What came of a call that was carried out. */
@NullMarked
package dev.gatehouse.core.outcome;

import org.jspecify.annotations.NullMarked;
