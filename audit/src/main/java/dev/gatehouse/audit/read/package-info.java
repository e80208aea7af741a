/** Reading rows in their order, and following them as they come. */
@NullMarked
package dev.gatehouse.audit.read;

import org.jspecify.annotations.NullMarked;
