package dev.gatehouse.mcp.http;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** How responses become streams of messages. Called on the exchange's loop. */
public interface Outlets {

  /** Streams end with their connection. */
  Outlets PLAIN =
      new Outlets() {
        @Override
        public @Nullable Outlet open(Exchange exchange) {
          return exchange.stream();
        }

        @Override
        public Duration openAfter(Duration keepAlive) {
          return keepAlive;
        }

        @Override
        public boolean outliveConnections() {
          return false;
        }
      };

  /** Turns the response into a stream; null when the client has gone. */
  @Nullable Outlet open(Exchange exchange);

  /**
   * How long a response may wait for its first message before it becomes a stream.
   *
   * @param keepAlive after which a silent connection would look idle
   */
  Duration openAfter(Duration keepAlive);

  /** Whether a stream goes on when its connection is lost. */
  boolean outliveConnections();
}
