package dev.gatehouse.mcp.requests;

/** Something that a client can ask for. Thread-safe; called on the request's event loop. */
@FunctionalInterface
public interface Operation {

  /** Answers through the replier, now or later, once. */
  void run(Invocation invocation, Replier replier);
}
