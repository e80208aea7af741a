/**
 * Who may be asked next: faults, their classification, and the health of each lane.
 *
 * <p>A <em>lane</em> is a provider with one credential and one model. {@link
 * dev.gatehouse.llm.failover.FaultClassifier} names what went wrong on it, by the error's own type
 * and code before its status; {@link dev.gatehouse.llm.failover.Fault#reaction} says what that
 * means for the call; {@link dev.gatehouse.llm.failover.LaneHealth} says what it means for the
 * lane. The three know nothing of each other's insides: the classifier has no state, the health no
 * HTTP.
 *
 * <pre>{@code
 * switch (lane.health().enter()) {
 *   case Entry.Shut(var exclusion) -> excluded.add(exclusion);
 *   case Entry.Open(var pass) -> ask(lane, pass);      // ends in exactly one of pass.served(),
 * }                                                    // pass.failed(fault), pass.abandoned()
 * }</pre>
 */
@NullMarked
package dev.gatehouse.llm.failover;

import org.jspecify.annotations.NullMarked;
