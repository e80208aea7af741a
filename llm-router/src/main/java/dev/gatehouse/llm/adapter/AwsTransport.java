package dev.gatehouse.llm.adapter;

import java.io.ByteArrayOutputStream;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.FlowAdapters;
import org.reactivestreams.Publisher;
import org.reactivestreams.Subscriber;
import org.reactivestreams.Subscription;
import software.amazon.awssdk.http.SdkHttpResponse;
import software.amazon.awssdk.http.async.AsyncExecuteRequest;
import software.amazon.awssdk.http.async.SdkAsyncHttpClient;

/**
 * The AWS SDK's asynchronous HTTP over the JDK's client, for one call: {@link #close} lets go of
 * it. In place of the SDK's own client, which wants another line of Netty than ours.
 */
final class AwsTransport implements SdkAsyncHttpClient {

  private static final Set<String> OWN = Set.of("content-length", "host", "connection", "expect");

  private final HttpClient client;
  private final Trace trace;
  private final Runnable ended;
  private volatile @Nullable Subscription reading;
  private volatile CompletableFuture<?> running = CompletableFuture.completedFuture(null);

  /**
   * @param ended runs when the reply is at its end, which the library says nothing of when an
   *     answer's own end is missing
   */
  AwsTransport(HttpClient client, Trace trace, Runnable ended) {
    this.client = client;
    this.trace = trace;
    this.ended = ended;
  }

  @Override
  public CompletableFuture<Void> execute(AsyncExecuteRequest asked) {
    CompletableFuture<Void> done = new CompletableFuture<>();
    var _ =
        body(asked.requestContentPublisher())
            .whenComplete(
                (body, failure) -> {
                  if (failure != null) {
                    asked.responseHandler().onError(failure);
                    done.completeExceptionally(failure);
                  } else {
                    send(asked, body, done);
                  }
                });
    return done;
  }

  private void send(AsyncExecuteRequest asked, byte[] body, CompletableFuture<Void> done) {
    HttpRequest.Builder builder = HttpRequest.newBuilder(asked.request().getUri());
    asked
        .request()
        .forEachHeader(
            (name, values) -> {
              if (!OWN.contains(name.toLowerCase(Locale.ROOT))) {
                values.forEach(value -> builder.header(name, value));
              }
            });
    builder.method(asked.request().method().name(), BodyPublishers.ofByteArray(body));
    trace.sent();
    CompletableFuture<HttpResponse<Flow.Publisher<List<ByteBuffer>>>> answer =
        client.sendAsync(builder.build(), BodyHandlers.ofPublisher());
    running = answer;
    var _ =
        answer.whenComplete(
            (response, failure) -> {
              if (failure != null) {
                asked.responseHandler().onError(failure);
                done.completeExceptionally(failure);
              } else {
                answered(asked, response, done);
              }
            });
  }

  private void answered(
      AsyncExecuteRequest asked,
      HttpResponse<Flow.Publisher<List<ByteBuffer>>> response,
      CompletableFuture<Void> done) {
    trace.answered(response.statusCode(), response.headers().map());
    asked
        .responseHandler()
        .onHeaders(
            SdkHttpResponse.builder()
                .statusCode(response.statusCode())
                .headers(response.headers().map())
                .build());
    Publisher<List<ByteBuffer>> body = FlowAdapters.toPublisher(response.body());
    asked.responseHandler().onStream(to -> body.subscribe(new Pieces(to, done, this)));
  }

  @Override
  public void close() {
    running.cancel(true);
    Subscription open = reading;
    if (open != null) {
      open.cancel();
    }
  }

  private static CompletableFuture<byte[]> body(Publisher<ByteBuffer> content) {
    CompletableFuture<byte[]> all = new CompletableFuture<>();
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    content.subscribe(
        new Subscriber<>() {
          @Override
          public void onSubscribe(Subscription subscription) {
            subscription.request(Long.MAX_VALUE);
          }

          @Override
          public void onNext(ByteBuffer piece) {
            byte[] copy = new byte[piece.remaining()];
            piece.get(copy);
            bytes.writeBytes(copy);
          }

          @Override
          public void onError(Throwable failure) {
            all.completeExceptionally(failure);
          }

          @Override
          public void onComplete() {
            all.complete(bytes.toByteArray());
          }
        });
    return all;
  }

  /** Joins the JDK's lists of buffers, one each for every one that is asked for. */
  private record Pieces(
      Subscriber<? super ByteBuffer> to, CompletableFuture<Void> done, AwsTransport transport)
      implements Subscriber<List<ByteBuffer>> {

    @Override
    public void onSubscribe(Subscription subscription) {
      transport.reading = subscription;
      to.onSubscribe(subscription);
    }

    @Override
    public void onNext(List<ByteBuffer> pieces) {
      int length = pieces.stream().mapToInt(ByteBuffer::remaining).sum();
      ByteBuffer joined = ByteBuffer.allocate(length);
      pieces.forEach(joined::put);
      to.onNext(joined.flip());
    }

    @Override
    public void onError(Throwable failure) {
      to.onError(failure);
      done.completeExceptionally(failure);
    }

    @Override
    public void onComplete() {
      to.onComplete();
      done.complete(null);
      transport.ended.run();
    }
  }
}
