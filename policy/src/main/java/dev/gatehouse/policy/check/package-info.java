/**
 * Rules looked at without a running gateway: their tests, their types, what they say of one call.
 */
@NullMarked
package dev.gatehouse.policy.check;

import org.jspecify.annotations.NullMarked;
