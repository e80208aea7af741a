/** Help with names that people write. */
@NullMarked
package dev.gatehouse.core.text;

import org.jspecify.annotations.NullMarked;
