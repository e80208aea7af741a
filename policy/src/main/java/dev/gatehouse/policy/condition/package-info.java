/**
 * Conditions of rules: CEL expressions, checked and compiled when rules are published, evaluated
 * when a call is decided.
 *
 * <p>CEL ends always, has no side effects and reads nothing but what it is given: {@code payload},
 * {@code call}, {@code agent}, {@code risk}, {@code activity} and {@code now}.
 *
 * <pre>{@code
 * Condition condition = Conditions.compile("size(payload.change_ids) > 1", ConditionLimits.DEFAULT);
 * condition.holds(new Facts(call, situation, ConditionLimits.DEFAULT));
 * }</pre>
 */
@NullMarked
package dev.gatehouse.policy.condition;

import org.jspecify.annotations.NullMarked;
