package dev.gatehouse.llm;

import dev.gatehouse.core.outcome.Attempt;
import dev.gatehouse.core.outcome.Billing;
import dev.gatehouse.core.outcome.Billing.Billed;
import dev.gatehouse.llm.adapter.Adapters;
import dev.gatehouse.llm.adapter.Answer;
import dev.gatehouse.llm.adapter.Asking;
import dev.gatehouse.llm.failover.Fault;
import dev.gatehouse.llm.failover.FaultClassifier;
import dev.gatehouse.llm.failover.FaultKind;
import dev.gatehouse.llm.failover.Lane;
import dev.gatehouse.llm.failover.Pass;
import dev.gatehouse.llm.wire.Api;
import dev.gatehouse.llm.wire.ReplyScan;
import io.vertx.core.AsyncResult;
import io.vertx.core.Context;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.ConnectionPoolTooBusyException;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.streams.ReadStream;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One request to one lane. Ends in exactly one of: {@link Walk#failed}, {@link Walk#served} (a
 * whole reply), a {@link StreamRelay} that takes over, or {@link #cancel}.
 *
 * <p>CONNECTING → SENT → ANSWERING → OVER.
 */
final class Try {

  private static final int ERROR_BYTES_MAX = 64 << 10;

  private final Walk walk;
  private final Lane lane;
  private final Pass pass;
  private final boolean streaming;
  private final ReplyScan scan = new ReplyScan();
  private final long startedNanos = System.nanoTime();

  private @Nullable Asking asking;
  private @Nullable Answer answer;
  private @Nullable StreamRelay relay;
  private boolean responseEnded;
  private boolean unheard;
  private Buffer body = Buffer.buffer();
  private int status;
  private String requestId = "";
  private boolean over;
  private @Nullable Duration latency;

  Try(Walk walk, Lane lane, Pass pass, boolean streaming) {
    this.walk = walk;
    this.lane = lane;
    this.pass = pass;
    this.streaming = streaming;
  }

  void start(HttpClient client, Api api, MultiMap headers, Buffer upstreamBody) {
    String uri = Wires.uri(lane.provider(), api, lane.model());
    RequestOptions options =
        new RequestOptions().setMethod(HttpMethod.POST).setURI(uri).setHeaders(headers);
    client.request(options).onComplete(ready -> connected(ready, upstreamBody));
  }

  private void connected(AsyncResult<HttpClientRequest> ready, Buffer upstreamBody) {
    if (over) {
      if (ready.succeeded()) {
        ready.result().reset();
      }
      return;
    }
    if (ready.failed()) {
      boolean busy = ready.cause() instanceof ConnectionPoolTooBusyException;
      fail(Fault.of(busy ? FaultKind.BUSY : FaultKind.CONNECTION, 0, false));
      return;
    }
    HttpClientRequest open = ready.result();
    asking = open::reset;
    open.exceptionHandler(_ -> lost());
    open.response().onComplete(this::answered);
    open.end(upstreamBody);
  }

  private void answered(AsyncResult<HttpClientResponse> came) {
    if (over) {
      return;
    }
    if (came.failed()) {
      lost();
    } else {
      HttpClientResponse from = came.result();
      answered(new Answer(from.statusCode(), from.headers(), from));
    }
  }

  /** Asks a provider that a library speaks to. */
  void start(Adapters adapters, Context loop, Buffer chatBody) {
    asking =
        adapters.ask(
            lane.provider(),
            lane.model(),
            chatBody,
            walk.limits().responseBytesMax(),
            walk.limits().connectTimeout(),
            loop,
            new Adapters.Listener() {
              @Override
              public void answered(Answer from) {
                if (!over) {
                  Try.this.answered(from);
                }
              }

              @Override
              public void failed(boolean sent) {
                unheard = true;
                fail(Fault.of(FaultKind.CONNECTION, 0, sent));
              }
            });
  }

  private void answered(Answer came) {
    answer = came;
    status = came.status();
    requestId = Headers.providerRequestId(came.headers());
    String type = came.headers().get(HttpHeaders.CONTENT_TYPE);
    if (streaming && isSuccess() && type != null && type.startsWith("text/event-stream")) {
      relay = new StreamRelay(walk, this, came.body());
      relay.start();
    } else {
      collect(came.body());
    }
  }

  private void collect(ReadStream<Buffer> from) {
    int max = isSuccess() ? walk.limits().responseBytesMax() : ERROR_BYTES_MAX;
    from.handler(
        chunk -> {
          if (over) {
            return;
          }
          if (body.length() + chunk.length() > max) {
            tooLong();
          } else {
            body = body.length() == 0 ? chunk : body.appendBuffer(chunk);
          }
        });
    from.endHandler(
        _ -> {
          responseEnded = true;
          complete();
        });
    from.exceptionHandler(_ -> lost());
  }

  private void tooLong() {
    if (isSuccess()) {
      fail(Fault.of(FaultKind.REPLY_TOO_LARGE, status, true));
    } else {
      complete();
    }
  }

  private void complete() {
    if (over) {
      return;
    }
    byte[] bytes = body.getBytes();
    boolean readable = scan.scan(bytes, 0, bytes.length);
    if (!isSuccess() || scan.isError()) {
      fail(classified());
    } else if (!readable || streaming) {
      // a reply that is no JSON object, or no stream though one was asked for
      fail(Fault.of(FaultKind.SERVER, status, true));
    } else {
      over = true;
      stopClock();
      walk.served(this, bytes);
    }
  }

  /** What the reply that was scanned last says went wrong. */
  Fault classified() {
    Optional<Duration> retryAfter =
        answer == null ? Optional.empty() : Headers.retryAfter(answer.headers(), walk.clock());
    return FaultClassifier.classify(isSuccess() ? 200 : status, scan, retryAfter);
  }

  private void lost() {
    if (over) {
      return;
    }
    if (relay != null) {
      relay.broken(FaultKind.STREAM);
    } else if (answer == null) {
      unheard = true;
      fail(Fault.of(FaultKind.CONNECTION, 0, true));
    } else if (isSuccess()) {
      fail(Fault.of(FaultKind.STREAM, status, true));
    } else {
      complete();
    }
  }

  /** The limit of the present phase has passed. */
  void timedOut() {
    fail(Fault.of(FaultKind.TIMEOUT, status, asking != null));
  }

  void fail(Fault fault) {
    if (!over) {
      abort();
      walk.failed(this, fault);
    }
  }

  /** Ends a stream that the client sees already. */
  void breakOff(FaultKind kind) {
    if (relay != null) {
      relay.broken(kind);
    }
  }

  /** Stops asking, for a reason that says nothing about the lane. */
  void cancel() {
    abort();
    pass.abandoned();
  }

  /** Lets go of the connection; it is closed unless the reply is complete. */
  void abort() {
    over = true;
    stopClock();
    if (relay != null) {
      relay.silence();
    }
    if (asking != null && !responseEnded) {
      asking.cancel();
    }
  }

  /** The reply has come to its end, so that its connection serves others again. */
  void responseEnded() {
    responseEnded = true;
  }

  /** Whether it has. */
  boolean hasEnded() {
    return responseEnded;
  }

  boolean isSuccess() {
    return status / 100 == 2;
  }

  void stopClock() {
    if (latency == null) {
      latency = Duration.ofNanos(System.nanoTime() - startedNanos);
    }
  }

  Attempt attempt(boolean ok, String kind, Billing billing) {
    stopClock();
    Duration took = latency == null ? Duration.ZERO : latency;
    return new Attempt(
        lane.provider().name(), lane.model(), ok, kind, status, took, requestId, billing);
  }

  /**
   * Whether the provider asks money for this: not for errors, nor for a request that its connection
   * did not survive; likely when it was at work and was cut off or given up.
   */
  Billed billed(boolean served) {
    if (served) {
      return Billed.YES;
    }
    if (asking == null || unheard) {
      return Billed.NO;
    }
    if (answer == null) {
      return Billed.LIKELY;
    }
    boolean began = relay == null ? !scan.isError() : relay.began();
    if (!isSuccess() || (scan.isError() && !began)) {
      return Billed.NO;
    }
    return relay == null && responseEnded && scan.usageReported() ? Billed.YES : Billed.LIKELY;
  }

  Lane lane() {
    return lane;
  }

  Pass pass() {
    return pass;
  }

  ReplyScan scan() {
    return scan;
  }

  int status() {
    return status;
  }

  /** The body of an error reply. */
  Buffer body() {
    return body;
  }

  MultiMap headers() {
    return answer == null ? MultiMap.caseInsensitiveMultiMap() : answer.headers();
  }

  /** The model that served, as the provider names it. */
  String servedModel() {
    return scan.model().isEmpty() ? lane.model() : scan.model();
  }
}
