/** What may be shown once only. */
@NullMarked
package dev.gatehouse.core.once;

import org.jspecify.annotations.NullMarked;
