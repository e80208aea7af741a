/** Audit rows as people read them. */
@NullMarked
package dev.gatehouse.gateway.rows;

import org.jspecify.annotations.NullMarked;
