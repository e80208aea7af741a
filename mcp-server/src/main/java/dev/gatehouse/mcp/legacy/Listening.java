package dev.gatehouse.mcp.legacy;

import dev.gatehouse.core.call.Principal;
import dev.gatehouse.mcp.http.Exchange;
import dev.gatehouse.mcp.jsonrpc.RpcError;
import dev.gatehouse.mcp.requests.InFlight;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;

/**
 * Connections that clients open to listen: to their session's own stream, or to any stream of it
 * that they lost. One ends at the latest when the credential expires that it was opened with; the
 * stream does not, and can be resumed with another.
 */
final class Listening {

  private static final String LAST_EVENT = "last-event-id";

  private final InFlight streams;
  private final InstantSource clock;

  /**
   * @param streams counts what each agent has open
   */
  Listening(InFlight streams, InstantSource clock) {
    this.streams = streams;
    this.clock = clock;
  }

  void open(Exchange exchange, Principal principal, Session session) {
    String eventId = exchange.header(LAST_EVENT);
    Optional<SessionStreams.Position> from =
        eventId == null ? Optional.empty() : session.streams().find(eventId);
    if (eventId != null && from.isEmpty() && session.listens()) {
      exchange.reply(
          400,
          Optional.empty(),
          RpcError.invalidRequest("the stream of that Last-Event-ID cannot be resumed any more"));
      return;
    }
    int max = exchange.config().limits().streamsPerAgentMax();
    if (!streams.enter(principal.agent(), 1, max)) {
      exchange.reply(
          429,
          Optional.empty(),
          RpcError.invalidRequest("this agent has streamsPerAgentMax " + max + " streams open"));
      return;
    }
    exchange.onOver(() -> streams.leave(principal.agent(), 1));
    boolean own = from.isEmpty() || session.isOwn(from.get().stream());
    ResumableStream stream =
        from.isPresent()
            ? session.streams().resume(exchange, from.get())
            : session.streams().open(exchange);
    if (stream == null) {
      return;
    }
    if (own) {
      session.listen(exchange, stream);
    }
    endWithCredential(exchange, principal, session, stream);
  }

  private void endWithCredential(
      Exchange exchange, Principal principal, Session session, ResumableStream stream) {
    principal
        .until()
        .ifPresent(
            until ->
                exchange.onExpiry(
                    Duration.between(clock.instant(), until),
                    () -> {
                      session.forget(exchange);
                      stream.release(exchange);
                    }));
  }
}
