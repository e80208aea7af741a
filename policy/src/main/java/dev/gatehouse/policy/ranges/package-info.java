/** Range checks that all limits share. */
@NullMarked
package dev.gatehouse.policy.ranges;

import org.jspecify.annotations.NullMarked;
