/**
 * What the Gate asks: risk, policies, drift, activity, approvals, grants and the kill switch.
 *
 * <p>{@link dev.gatehouse.policy.Governance} puts the parts together. The rules are an immutable
 * snapshot that a reload swaps; counters, open questions and stops live on:
 *
 * <pre>{@code
 * Governance governance = Governance.start(rules, GovernanceLimits.DEFAULT, registry, auditLog, clock);
 * Gate gate = governance.gate();
 * governance.replace(newRules);        // the next call is decided under the new ones
 * }</pre>
 *
 * <p>A call's way through the package: {@code LiveSituations} counts it ({@code RecentActivity}),
 * looks for a stop and an approval, and hands all of it with the snapshot to the Decider, which
 * scores ({@code TableRisk}), compares with the manifest ({@code DeclaredJob}) and evaluates the
 * rules ({@code RuleSet}). When a person must decide, {@code LiveApprovals} keeps the question.
 *
 * <p>Each of these has a room of its own; {@code RoomsTest} holds which room sees which.
 */
@NullMarked
package dev.gatehouse.policy;

import org.jspecify.annotations.NullMarked;
