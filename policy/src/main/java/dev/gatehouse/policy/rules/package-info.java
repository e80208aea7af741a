/** Policies: a rule as it is declared, its effect, and the published set that is evaluated. */
@NullMarked
package dev.gatehouse.policy.rules;

import org.jspecify.annotations.NullMarked;
