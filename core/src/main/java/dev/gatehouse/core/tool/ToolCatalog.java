package dev.gatehouse.core.tool;

import java.util.List;
import java.util.Optional;

/**
 * All tools of all connectors under their exposed names. Thread-safe; reads are of an immutable
 * snapshot and never block.
 */
public interface ToolCatalog {

  /** The tools in the order of their names. */
  List<ToolDescriptor> tools();

  /** The tool of that exposed name. */
  Optional<ToolDescriptor> find(String name);

  /** The connector that executes that tool; empty when it went away after the catalog was read. */
  Optional<ToolConnector> connector(ToolDescriptor tool);

  /**
   * Has {@code listener} run after each change of the list; close the subscription to stop. Runs on
   * any thread.
   */
  Subscription onChange(Runnable listener);

  /** A registration that can be ended. */
  interface Subscription extends AutoCloseable {
    @Override
    void close();
  }
}
