package dev.gatehouse.mcp.http;

/** Where the messages of one response go, one after the other. */
public interface Outlet {

  /** Sends a message. */
  void send(byte[] json);

  /** Nothing follows. */
  void end();
}
