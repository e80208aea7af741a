package dev.gatehouse.mcp.http;

/** Where the messages of one response go, one after the other. */
public interface Outlet {

  /** Sends a message. */
  void send(byte[] json);

  /** Whether a client is there that gets what is sent. */
  boolean connected();

  /** Has the task run if a client that lost the connection comes back for what was sent. */
  default void whenResumed(Runnable task) {}

  /** Nothing follows. */
  void end();
}
