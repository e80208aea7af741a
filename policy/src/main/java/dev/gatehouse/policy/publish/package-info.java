/**
 * Versions of policies that operators publish: a shelf of files that never change, a file that says
 * which of them is in force, and the order of steps by which that changes ({@code Enactment}). A
 * version is on the shelf before it is on record, on record before the file names it, and named
 * before it judges.
 *
 * <p>In a fleet each change is an order ({@code InForce}) with a turn; {@code ArrivedPolicies}
 * hears which is the latest, and {@code Takeover} puts it in force here by the same steps.
 */
@NullMarked
package dev.gatehouse.policy.publish;

import org.jspecify.annotations.NullMarked;
