package dev.gatehouse.connectors.oauth;

import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.net.SocketAddress;
import java.net.InetAddress;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;

/**
 * Requests to authorization servers and for metadata: within {@link Reach}, each on a connection of
 * its own to the very address that was checked, bounded in time and size, redirects not followed.
 * For virtual threads; blocks.
 */
final class OAuthHttp implements AutoCloseable {

  /** Longest answer that is read. */
  static final int ANSWER_BYTES_MAX = 256 * 1024;

  /** Addresses of a host that are tried, one after the other. */
  private static final int ADDRESSES_MAX = 3;

  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);
  private static final int CONNECTIONS_MAX = 4;
  private static final int WAITING_MAX = 64;

  private final HttpClient client;
  private final Reach reach;
  private final Duration timeout;

  OAuthHttp(Vertx vertx, Reach reach, Duration timeout) {
    this.reach = reach;
    this.timeout = timeout;
    this.client =
        vertx.createHttpClient(
            new HttpClientOptions()
                .setConnectTimeout(Math.toIntExact(CONNECT_TIMEOUT.toMillis()))
                .setKeepAlive(false)
                .setDecompressionSupported(false),
            new PoolOptions().setHttp1MaxSize(CONNECTIONS_MAX).setMaxWaitQueueSize(WAITING_MAX));
  }

  /**
   * An answer.
   *
   * @param dpopNonce the value of {@code DPoP-Nonce}
   */
  record Answer(int status, Optional<String> dpopNonce, Buffer body) {

    /** The body as a JSON object. */
    Optional<JsonDocument> json() {
      return JsonDocument.read(body.getBytes());
    }
  }

  Answer get(URI url) throws OAuthException {
    return send(HttpMethod.GET, url, Map.of("Accept", "application/json"), Buffer.buffer());
  }

  Answer postJson(URI url, byte[] body) throws OAuthException {
    Map<String, String> headers =
        Map.of("Accept", "application/json", "Content-Type", "application/json");
    return send(HttpMethod.POST, url, headers, Buffer.buffer(body));
  }

  Answer postForm(URI url, Map<String, String> form, Map<String, String> more)
      throws OAuthException {
    MultiMap headers =
        MultiMap.caseInsensitiveMultiMap()
            .add("Accept", "application/json")
            .add("Content-Type", "application/x-www-form-urlencoded")
            .addAll(more);
    return send(
        HttpMethod.POST,
        url,
        headers.entries().stream()
            .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue)),
        Buffer.buffer(formText(form)));
  }

  /** The parameters as {@code application/x-www-form-urlencoded}. */
  static String formText(Map<String, String> form) {
    return form.entrySet().stream()
        .map(field -> encode(field.getKey()) + "=" + encode(field.getValue()))
        .collect(Collectors.joining("&"));
  }

  static String encode(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  @Override
  public void close() {
    var _ = client.shutdown(0, TimeUnit.MILLISECONDS);
  }

  private Answer send(HttpMethod method, URI url, Map<String, String> headers, Buffer body)
      throws OAuthException {
    List<InetAddress> addresses = reach.addresses(url);
    OAuthException last = new OAuthException("'" + Reach.host(url) + "' has no address");
    for (InetAddress address : addresses.subList(0, Math.min(ADDRESSES_MAX, addresses.size()))) {
      try {
        return await(exchange(options(method, url, address, headers), body), url);
      } catch (UnreachableException e) {
        last = new OAuthException("'" + Reach.host(url) + "' cannot be reached", e);
      }
    }
    throw last;
  }

  private Future<Answer> exchange(RequestOptions options, Buffer body) {
    return client
        .request(options)
        .recover(cause -> Future.failedFuture(new UnreachableException(cause)))
        .compose(request -> request.send(body).compose(OAuthHttp::read));
  }

  /** Nested in the request's future, so that no part of the body comes before its handler. */
  private static Future<Answer> read(HttpClientResponse response) {
    Promise<Answer> answer = Promise.promise();
    Buffer body = Buffer.buffer();
    response.exceptionHandler(answer::tryFail);
    response.handler(
        chunk -> {
          if (body.length() + chunk.length() > ANSWER_BYTES_MAX) {
            answer.tryFail(new TooLongException());
            var _ = response.request().reset();
          } else {
            body.appendBuffer(chunk);
          }
        });
    response.endHandler(
        _ ->
            answer.tryComplete(
                new Answer(
                    response.statusCode(),
                    Optional.ofNullable(response.getHeader("DPoP-Nonce")),
                    body)));
    return answer.future();
  }

  private Answer await(Future<Answer> answer, URI url) throws OAuthException, UnreachableException {
    String host = Reach.host(url);
    try {
      return answer
          .toCompletionStage()
          .toCompletableFuture()
          .get(timeout.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      throw new OAuthException(
          "'" + host + "' did not answer within " + timeout.toMillis() + " ms", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new OAuthException("the gateway is closing", e);
    } catch (ExecutionException e) {
      switch (e.getCause()) {
        case UnreachableException unreachable -> throw unreachable;
        case TooLongException _ ->
            throw new OAuthException(
                "the answer of '" + host + "' is longer than " + ANSWER_BYTES_MAX + " bytes");
        case null, default -> throw new OAuthException("the connection to '" + host + "' broke", e);
      }
    }
  }

  private RequestOptions options(
      HttpMethod method, URI url, InetAddress address, Map<String, String> headers) {
    boolean tls = "https".equalsIgnoreCase(url.getScheme());
    int port = url.getPort() >= 0 ? url.getPort() : tls ? 443 : 80;
    String path = url.getRawPath() == null || url.getRawPath().isEmpty() ? "/" : url.getRawPath();
    return new RequestOptions()
        .setMethod(method)
        .setServer(SocketAddress.inetSocketAddress(port, address.getHostAddress()))
        .setHost(Reach.host(url))
        .setPort(port)
        .setSsl(tls)
        .setURI(url.getRawQuery() == null ? path : path + "?" + url.getRawQuery())
        .setFollowRedirects(false)
        .setTimeout(timeout.toMillis())
        .setHeaders(MultiMap.caseInsensitiveMultiMap().addAll(headers));
  }

  /** No connection was had, so nothing was sent. */
  private static final class UnreachableException extends Exception {
    UnreachableException(Throwable cause) {
      super("no connection", cause);
    }
  }

  /** More came than is read. */
  private static final class TooLongException extends RuntimeException {}
}
