package dev.gatehouse.fleet;

import java.util.List;
import java.util.concurrent.CompletionStage;

/**
 * The way to Redis: one connection for the script, one for news. It connects by itself again and
 * again once it was asked to; while it is not connected it refuses at once. Thread-safe; never
 * blocks.
 */
public interface RedisLink extends AutoCloseable {

  /** What happens on the link; called on any thread. */
  interface Events {

    /** News on the channel. */
    void message(String text);

    /** One of the connections is lost. */
    void lost(String why);
  }

  /**
   * Opens both connections, unless they are open, and subscribes to the channel.
   *
   * @return fails when they are not open now; that is no reason not to try again
   */
  CompletionStage<Void> open(String channel, Events events);

  /**
   * Runs the script.
   *
   * @return its answer, a list of texts and numbers; fails when there is none
   */
  CompletionStage<List<Object>> run(String script, List<String> keys, List<String> arguments);

  @Override
  void close();
}
