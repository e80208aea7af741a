/**
 * What an approver sees of the target that a call would change: a read tool, paired in the config
 * with the tool that changes, is called by the gateway itself, on record, when the question is
 * asked and again when its approval is used.
 */
@NullMarked
package dev.gatehouse.gateway.state;

import org.jspecify.annotations.NullMarked;
