/**
 * Just-in-time grants: temporary rights of an exact scope, for which agents ask people.
 *
 * <p>{@code GrantTool} is the tool by which an agent asks; its call is governed like any other, and
 * {@code AskedGrants} demands that a person says yes to exactly the scope that {@code GrantAsk}
 * reads out of it. When somebody has, the call is carried out: {@code LiveGrants} opens the grant,
 * on record and kept over a restart ({@code GrantFile}), and ends it when its time is over, when an
 * operator revokes it, when its agent or connector is stopped, and when what it was given under
 * ({@code GrantGround}) is not what is in force any more. {@code ArrivedGrants} is the fleet's
 * side: what other nodes opened and ended.
 */
@NullMarked
package dev.gatehouse.policy.grant;

import org.jspecify.annotations.NullMarked;
