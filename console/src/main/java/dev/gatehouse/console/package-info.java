/** The admin API. */
@NullMarked
package dev.gatehouse.console;

import org.jspecify.annotations.NullMarked;
