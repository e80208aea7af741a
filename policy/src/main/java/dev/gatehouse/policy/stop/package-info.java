/**
 * The kill switch: the stops in force as one snapshot that each call looks at.
 *
 * <p>Orders have names that are the same in a whole fleet. {@link
 * dev.gatehouse.policy.stop.StopLedger} is the set of those that stand and of those that were
 * lifted; {@link dev.gatehouse.policy.stop.LiveKillSwitch} changes it for the operators of this
 * process and {@code ArrivedStops} for those of the others.
 */
@NullMarked
package dev.gatehouse.policy.stop;

import org.jspecify.annotations.NullMarked;
