package dev.gatehouse.connectors.rpc;

import dev.gatehouse.connectors.waits.Blocking;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/** The connector's own requests, awaited on a virtual thread. */
public final class Requests {

  private Requests() {}

  /** Sends the request and waits for its result. */
  public static Map<String, Object> result(RpcSession session, RpcRequest request)
      throws UpstreamException {
    RpcReply reply = reply(session, request);
    if (reply instanceof RpcReply.Result result) {
      return result.value();
    }
    throw new UpstreamException(request.method() + ": " + describe(reply));
  }

  /** What became of the request, for people, without what the upstream said. */
  public static String describe(RpcReply reply) {
    return switch (reply) {
      case RpcReply.Result _ -> "answered";
      case RpcReply.RpcError error -> "the server answered error " + error.code();
      case RpcReply.NotSent notSent -> notSent.why();
      case RpcReply.Lost lost -> lost.why();
      case RpcReply.Unanswered _ -> "the server asks for input";
      case RpcReply.SessionGone _ -> "the server ended the session";
    };
  }

  /** Sends the request and waits until it is settled, which its time-out bounds. */
  public static RpcReply reply(RpcSession session, RpcRequest request) {
    PendingCall call = session.send(request);
    CompletableFuture<RpcReply> reply = call.reply().toCompletableFuture();
    Blocking.await(reply, request.timeout().plusSeconds(1));
    return reply.getNow(new RpcReply.Lost("no answer"));
  }
}
