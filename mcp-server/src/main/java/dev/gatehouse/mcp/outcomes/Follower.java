package dev.gatehouse.mcp.outcomes;

import dev.gatehouse.mcp.replies.CallReply;
import dev.gatehouse.mcp.waiting.Caller;
import java.util.function.Consumer;

/**
 * One caller among those who get the reply of one approved call. The call is cancelled when all of
 * them are. Lives on the caller's loop.
 */
public final class Follower {

  private final ApprovedCalls.Shared shared;
  private final Caller caller;
  private final Consumer<CallReply> then;
  private boolean left;
  private boolean done;

  public Follower(ApprovedCalls.Shared shared, Caller caller, Consumer<CallReply> then) {
    this.shared = shared;
    this.caller = caller;
    this.then = then;
  }

  public void follow() {
    caller.tellsOf(shared);
    caller.await(
        caller.cancelled(),
        (reason, _) -> abandon(reason == null ? "the caller cancelled" : reason));
    caller.await(
        shared.reply(), (reply, _) -> finish(reply == null ? new CallReply.Nothing() : reply));
  }

  private void abandon(String reason) {
    if (!done && !left) {
      left = true;
      if (!shared.abandon(reason)) {
        finish(new CallReply.Nothing());
      }
    }
  }

  private void finish(CallReply reply) {
    if (!done) {
      done = true;
      if (!left) {
        left = true;
        var _ = shared.leave();
      }
      then.accept(reply);
    }
  }
}
