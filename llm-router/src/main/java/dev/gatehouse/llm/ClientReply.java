package dev.gatehouse.llm;

import dev.gatehouse.core.call.CallId;
import dev.gatehouse.llm.wire.ErrorBody;
import dev.gatehouse.llm.wire.Problem;
import dev.gatehouse.llm.wire.Protocol;
import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/** What goes back to the client, in the client's protocol. Once it has ended, it stays silent. */
final class ClientReply {

  private static final long LINGER_MS = 500;

  /** Official SDKs ignore a longer Retry-After and come back at once, unless told not to. */
  private static final long SDK_WAIT_MAX_SECONDS = 60;

  private final Vertx vertx;
  private final HttpServerRequest request;
  private final HttpServerResponse response;
  private final Protocol protocol;
  private final CallId id;
  private final int keptMax;
  private Given.@Nullable Stream stream;
  private long sequence;

  /**
   * @param keptMax how much of a stream is kept for the record; 0 for its digest only
   */
  ClientReply(
      Vertx vertx, HttpServerRequest request, Protocol protocol, InstantSource clock, int keptMax) {
    this.keptMax = keptMax;
    this.vertx = vertx;
    this.request = request;
    this.response = request.response();
    this.protocol = protocol;
    this.id = CallId.next(clock, ThreadLocalRandom.current());
    response.putHeader(Headers.X_REQUEST_ID, id.value());
    response.putHeader(Headers.REQUEST_ID, id.value());
  }

  /** The id that this reply carries, and the call, and its rows. */
  CallId id() {
    return id;
  }

  Protocol protocol() {
    return protocol;
  }

  HttpServerResponse response() {
    return response;
  }

  MultiMap headers() {
    return response.headers();
  }

  /** What the client was given of a stream; asked once, at its end. */
  Given given() {
    return stream == null ? Given.NOTHING : stream.given();
  }

  boolean ended() {
    return response.ended() || response.closed();
  }

  void unauthenticated(String reason, String challenge) {
    response.putHeader("www-authenticate", challenge);
    problem(new Problem(401, "invalid_api_key", reason));
  }

  void insufficientScope(String reason, String challenge) {
    response.putHeader("www-authenticate", challenge);
    problem(new Problem(403, "insufficient_scope", reason));
  }

  /** The credential cannot be checked now. */
  void uncheckable(String reason, Duration retryAfter) {
    problem(
        new Problem(503, "authentication_unavailable", reason)
            .retryAfter(Math.max(1, retryAfter.toSeconds())));
  }

  void methodNotAllowed(String allowed) {
    response.putHeader("allow", allowed);
    problem(new Problem(405, "method_not_allowed", "use " + allowed + " here"));
  }

  /** Ends with an error. */
  void problem(Problem problem) {
    if (ended()) {
      return;
    }
    if (problem.retryAfterSeconds() > 0) {
      response.putHeader("retry-after", Long.toString(problem.retryAfterSeconds()));
    }
    if (problem.retryAfterSeconds() > SDK_WAIT_MAX_SECONDS) {
      response.putHeader(Headers.SHOULD_RETRY, "false");
    }
    whole(problem.status(), Buffer.buffer(ErrorBody.of(protocol, problem, id.value())));
  }

  /** Ends with this JSON. */
  void json(byte[] body) {
    whole(200, Buffer.buffer(body));
  }

  /** Ends with this status and JSON. */
  void whole(int status, Buffer body) {
    if (ended()) {
      return;
    }
    response.setStatusCode(status);
    response.putHeader(HttpHeaders.CONTENT_TYPE, Headers.JSON);
    if (!request.isEnded()) {
      response.putHeader(HttpHeaders.CONNECTION, HttpHeaders.CLOSE);
      closeSoon();
    }
    response.end(body);
  }

  /**
   * Lets a client that still sends read its answer first: closed at once, its connection would be
   * reset; never closed, it could send for ever.
   */
  private void closeSoon() {
    request.handler(_ -> {});
    request.resume();
    vertx.setTimer(
        LINGER_MS,
        _ -> {
          if (!request.isEnded()) {
            request.connection().close();
          }
        });
  }

  /** Begins a stream. */
  void beginStream() {
    stream = new Given.Stream(keptMax);
    response.setChunked(true);
    response.putHeader(HttpHeaders.CONTENT_TYPE, Headers.EVENT_STREAM);
    response.putHeader(HttpHeaders.CACHE_CONTROL, "no-cache");
    response.putHeader("x-accel-buffering", "no");
  }

  /** Goes on with a stream. */
  void write(Buffer events) {
    if (!ended()) {
      if (stream != null) {
        stream.add(events);
      }
      response.write(events);
    }
  }

  /** What number the next event of a stream has, where its protocol numbers them. */
  void nextSequence(long number) {
    sequence = number;
  }

  /** Ends a stream that is complete. */
  void endStream() {
    if (!ended()) {
      response.end();
    }
  }

  /** Ends a stream that is not, in the way that the protocol's clients take as an error. */
  void endStream(Problem problem) {
    write(Buffer.buffer(ErrorBody.event(protocol, problem, id.value(), sequence)));
    endStream();
  }
}
