package dev.gatehouse.gateway.notify;

import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.net.SocketAddress;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Posts one notice once: signed, to the very address that was checked, on a connection of its own,
 * bounded in time, redirects not followed, the answer's body thrown away. Blocks; for virtual
 * threads.
 */
final class Postman implements AutoCloseable {

  /** Longest wait for an answer, from the beginning of the connection. */
  static final Duration TIMEOUT = Duration.ofSeconds(10);

  private static final int CONNECT_TIMEOUT_MS = 5_000;
  private static final int CONNECTIONS_MAX = 64;

  private final HttpClient client;
  private final ReceiverReach reach;
  private final InstantSource clock;

  Postman(Vertx vertx, ReceiverReach reach, InstantSource clock) {
    this.reach = reach;
    this.clock = clock;
    this.client =
        vertx.createHttpClient(
            new HttpClientOptions().setConnectTimeout(CONNECT_TIMEOUT_MS).setKeepAlive(false),
            new PoolOptions().setHttp1MaxSize(CONNECTIONS_MAX));
  }

  /** What came of a try. */
  sealed interface Posted {
    /** The receiver has it. */
    record Taken() implements Posted {}

    /**
     * It has not.
     *
     * @param why for the log; says nothing of the URL
     * @param again whether another try may succeed
     */
    record Failed(String why, boolean again) implements Posted {}
  }

  /**
   * One try.
   *
   * @param tried how many there were before: each goes to the host's next address
   */
  Posted post(Receiver receiver, String id, byte[] body, int tried) throws InterruptedException {
    try {
      List<InetAddress> addresses = reach.addresses(receiver);
      InetAddress address = addresses.get(tried % addresses.size());
      return answered(await(send(options(receiver, id, body, address), body)));
    } catch (IOException e) {
      return new Posted.Failed(String.valueOf(e.getMessage()), true);
    }
  }

  private static Posted answered(int status) {
    if (status >= 200 && status < 300) {
      return new Posted.Taken();
    }
    boolean again = status >= 500 || status == 408 || status == 425 || status == 429;
    return new Posted.Failed("it answers with status " + status, again);
  }

  private CompletableFuture<Integer> send(RequestOptions options, byte[] body) {
    return client
        .request(options)
        .compose(
            request ->
                request
                    .send(Buffer.buffer(body))
                    .map(
                        response -> {
                          var _ = request.connection().close();
                          return response.statusCode();
                        }))
        .toCompletionStage()
        .toCompletableFuture();
  }

  private static int await(CompletableFuture<Integer> status)
      throws IOException, InterruptedException {
    try {
      return status.get(TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      throw new IOException("it does not answer within " + TIMEOUT.toMillis() + " ms", e);
    } catch (ExecutionException e) {
      throw new IOException("it cannot be reached, or the connection broke", e);
    }
  }

  private RequestOptions options(Receiver receiver, String id, byte[] body, InetAddress address) {
    URI url = receiver.url();
    boolean tls = "https".equalsIgnoreCase(url.getScheme());
    int port = url.getPort() >= 0 ? url.getPort() : tls ? 443 : 80;
    String path = url.getRawPath() == null || url.getRawPath().isEmpty() ? "/" : url.getRawPath();
    return new RequestOptions()
        .setMethod(HttpMethod.POST)
        .setServer(SocketAddress.inetSocketAddress(port, address.getHostAddress()))
        .setHost(url.getHost())
        .setPort(port)
        .setSsl(tls)
        .setURI(url.getRawQuery() == null ? path : path + "?" + url.getRawQuery())
        .setFollowRedirects(false)
        .setTimeout(TIMEOUT.toMillis())
        .setHeaders(headers(receiver, id, body));
  }

  private MultiMap headers(Receiver receiver, String id, byte[] body) {
    String timestamp = Long.toString(clock.instant().getEpochSecond());
    MultiMap headers =
        MultiMap.caseInsensitiveMultiMap()
            .addAll(receiver.headers())
            .set("content-type", "application/json")
            .set(WebhookSecret.ID, id)
            .set(WebhookSecret.TIMESTAMP, timestamp);
    receiver
        .secret()
        .ifPresent(
            secret -> headers.set(WebhookSecret.SIGNATURE, secret.sign(id, timestamp, body)));
    return headers;
  }

  @Override
  public void close() {
    var _ = client.shutdown(0, TimeUnit.MILLISECONDS);
  }
}
