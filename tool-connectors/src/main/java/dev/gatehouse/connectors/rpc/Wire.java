package dev.gatehouse.connectors.rpc;

import java.util.concurrent.CompletionStage;

/**
 * Carries the messages of one session to an upstream and hands what comes back to its {@link
 * WireEvents}. Every method but {@link #close} returns at once and may be called on any thread.
 */
public interface Wire {

  /** Begins to read; nothing is sent or received before. */
  void start();

  /**
   * Sends a request: {@linkplain PendingCall#claim claims} it right before it leaves, and settles
   * it where no message can.
   */
  void send(PendingCall call);

  /**
   * Sends a notification or an answer, where that is possible; the stage never fails, and completes
   * when whatever is sent next arrives after it.
   */
  CompletionStage<?> post(byte[] message);

  /** Frees what a request still holds after it was given up. */
  void abandon(PendingCall call);

  /** Whether abandoning a request that stands alone tells the server that it is cancelled. */
  boolean abandoningCancels();

  /** The opening of a conversation that has one is done, with that protocol version. */
  void ready(String protocolVersion);

  /** Ends the session and returns when nothing of it is left. Blocks. */
  void close();
}
