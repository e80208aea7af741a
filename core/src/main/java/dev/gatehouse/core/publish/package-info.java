/**
 * Policies that operators publish to a running gateway, version by version, and take back.
 *
 * <p>{@code versions.publish(text, "ann", "ticket 7")} puts a set of rules in force beside those of
 * the config, as a version that never changes; {@code versions.rollBack(3, "ann", "too strict")}
 * returns to one before.
 */
@NullMarked
package dev.gatehouse.core.publish;

import org.jspecify.annotations.NullMarked;
