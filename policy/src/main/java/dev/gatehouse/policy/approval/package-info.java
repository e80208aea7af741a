/**
 * Questions to people: who is asked what, which answers count, and when a question is over.
 *
 * <p>A call that needs somebody's yes becomes a {@code Question} ({@code QuestionMaker}), which the
 * {@code QuestionBook} holds within its limits. An answer goes into the {@code BallotBox} and gives
 * its right when its row is durable; a question that nobody answers, and an answer that nobody
 * uses, ends by {@code QuestionEnds}, row or no row. {@code TargetWatch} shows approvers what the
 * call would change, and looks again before it does. {@code LiveApprovals} is the port in front of
 * them.
 */
@NullMarked
package dev.gatehouse.policy.approval;

import org.jspecify.annotations.NullMarked;
