package dev.gatehouse.connectors.legacy;

import dev.gatehouse.connectors.http.HttpEndpoint;
import dev.gatehouse.connectors.http.SseParser;
import dev.gatehouse.connectors.json.Json;
import dev.gatehouse.connectors.json.MalformedMessageException;
import dev.gatehouse.connectors.rpc.WireEvents;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The GET stream on which a server says things unasked, such as that its tools changed. Opened
 * again whenever it ends; a server that offers none is left alone.
 */
final class LegacyEventStream {

  private static final Duration REOPEN_MIN = Duration.ofSeconds(1);
  private static final Duration REOPEN_MAX = Duration.ofSeconds(30);

  /** The media type of event streams. */
  static final String TYPE = "text/event-stream";

  private final LegacyConversation conversation;
  private final int messageBytesMax;
  private final WireEvents events;
  private volatile boolean closed;
  private volatile @Nullable HttpClientRequest request;
  private Duration delay = REOPEN_MIN;
  private boolean reopened;

  LegacyEventStream(LegacyConversation conversation, int messageBytesMax, WireEvents events) {
    this.conversation = conversation;
    this.messageBytesMax = messageBytesMax;
    this.events = events;
  }

  /** Whether that is a stream. */
  static boolean answers(HttpClientResponse response) {
    String type = response.getHeader("Content-Type");
    return response.statusCode() == 200
        && type != null
        && type.toLowerCase(Locale.ROOT).startsWith(TYPE);
  }

  void open() {
    if (closed) {
      return;
    }
    conversation
        .endpoint()
        .open(HttpMethod.GET, TYPE, Optional.empty())
        .onComplete(
            fresh -> {
              request = fresh;
              // What breaks is told by the stages below; without this each reset would be logged.
              fresh.exceptionHandler(_ -> {});
              if (closed) {
                fresh.reset();
                return;
              }
              conversation.headers().forEach(fresh::putHeader);
              fresh.send().onComplete(this::answered, _ -> reopen());
            },
            cause -> {
              if (!closed) {
                events.retired(HttpEndpoint.reason(cause));
              }
            });
  }

  /** Ends it. Any thread. */
  void close() {
    closed = true;
    HttpClientRequest running = request;
    if (running != null) {
      running.reset();
    }
  }

  private void answered(HttpClientResponse response) {
    if (!answers(response)) {
      response.resume();
      if (response.statusCode() >= 500) {
        reopen();
      }
      return; // 405, or whatever a server says that offers no stream
    }
    if (reopened) {
      events.gap();
    }
    read(response);
  }

  private void read(HttpClientResponse response) {
    SseParser parser = new SseParser(messageBytesMax, new Received());
    response.handler(
        chunk -> {
          try {
            parser.feed(chunk);
          } catch (MalformedMessageException e) {
            response.request().reset();
          }
        });
    response.exceptionHandler(_ -> reopen());
    response.endHandler(_ -> reopen());
  }

  private void reopen() {
    if (closed) {
      return;
    }
    reopened = true;
    conversation.vertx().setTimer(delay.toMillis(), _ -> open());
    delay = delay.multipliedBy(2).compareTo(REOPEN_MAX) > 0 ? REOPEN_MAX : delay.multipliedBy(2);
  }

  private final class Received implements SseParser.Events {

    @Override
    public void data(byte[] text) {
      delay = REOPEN_MIN;
      try {
        events.received(Json.object(text, 0, text.length));
      } catch (MalformedMessageException e) {
        return; // what is no message says nothing
      }
    }

    @Override
    public void retry(Duration wanted) {
      delay = wanted.compareTo(REOPEN_MAX) > 0 ? REOPEN_MAX : wanted.plusMillis(1);
    }
  }
}
