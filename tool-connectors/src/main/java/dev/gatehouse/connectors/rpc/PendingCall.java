package dev.gatehouse.connectors.rpc;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicReference;

/**
 * A request between being handed to the wire and being settled. QUEUED → SENT → SETTLED, or QUEUED
 * → SETTLED when it is withdrawn before it leaves, or SENT → QUEUED when the server turned it away
 * unread and it is to be sent again; each transition is won by exactly one thread. This is what
 * tells "certainly not executed" from "unknown".
 */
public final class PendingCall {

  private enum State {
    QUEUED,
    SENT,
    SETTLED
  }

  private final long id;
  private final byte[] message;
  private final RpcEvents events;
  private final Envelope envelope;
  private final AtomicReference<State> state = new AtomicReference<>(State.QUEUED);
  private final CompletableFuture<RpcReply> reply = new CompletableFuture<>();

  /** A message of a conversation. */
  public PendingCall(long id, byte[] message, RpcEvents events) {
    this(id, message, events, Envelope.OF_SESSION);
  }

  public PendingCall(long id, byte[] message, RpcEvents events, Envelope envelope) {
    this.id = id;
    this.message = message;
    this.events = events;
    this.envelope = envelope;
  }

  public long id() {
    return id;
  }

  /** The JSON text of the request. */
  public byte[] message() {
    return message;
  }

  public RpcEvents events() {
    return events;
  }

  public Envelope envelope() {
    return envelope;
  }

  /** Completes when the request is settled; never fails. */
  public CompletionStage<RpcReply> reply() {
    return reply;
  }

  /**
   * Called by the wire right before the first byte leaves; false when it must not leave any more.
   */
  public boolean claim() {
    return state.compareAndSet(State.QUEUED, State.SENT);
  }

  /** The server did not take it: it may leave again; false when it was settled meanwhile. */
  public boolean unclaim() {
    return state.compareAndSet(State.SENT, State.QUEUED);
  }

  public boolean settled() {
    return state.get() == State.SETTLED;
  }

  /** Settles it; false when it was settled before. */
  public boolean settle(RpcReply outcome) {
    if (state.getAndSet(State.SETTLED) == State.SETTLED) {
      return false;
    }
    reply.complete(outcome);
    return true;
  }

  /**
   * Settles it without an answer: not sent while it is queued, lost once it left.
   *
   * @param kind the stable name, should it not have been sent
   * @return whether it had left, so that the upstream should be told
   */
  public boolean giveUp(String kind, String why) {
    return switch (state.getAndSet(State.SETTLED)) {
      case QUEUED -> {
        reply.complete(new RpcReply.NotSent(kind, why));
        yield false;
      }
      case SENT -> {
        reply.complete(new RpcReply.Lost(why));
        yield true;
      }
      case SETTLED -> false;
    };
  }
}
