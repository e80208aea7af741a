package dev.gatehouse.llm.adapter;

/** A request on its way to a provider. */
public interface Asking {

  /** Lets go: closes the connection, and nothing more comes. May be called at any time. */
  void cancel();
}
