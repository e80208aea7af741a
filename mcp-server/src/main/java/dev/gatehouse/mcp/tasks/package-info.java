/**
 * Calls that go on without a waiting request (extension {@code io.modelcontextprotocol/tasks},
 * SEP-2663): each is a task, which its own agent can look at, answer and cancel until it is over
 * and for as long as it is kept.
 *
 * <p>Tasks live in this process, as the calls behind them do: what would survive a restart is only
 * the handle of a call that is gone.
 */
@NullMarked
package dev.gatehouse.mcp.tasks;

import org.jspecify.annotations.NullMarked;
