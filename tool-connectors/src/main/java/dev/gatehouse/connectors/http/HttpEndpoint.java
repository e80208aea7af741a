package dev.gatehouse.connectors.http;

import dev.gatehouse.connectors.config.McpServerConfig;
import dev.gatehouse.connectors.config.UpstreamTransport.Http;
import dev.gatehouse.connectors.oauth.UpstreamAuthorizer;
import dev.gatehouse.connectors.waits.Blocking;
import dev.gatehouse.core.registry.AgentId;
import io.netty.channel.ConnectTimeoutException;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLException;

/**
 * The HTTP endpoint of an upstream with its pool of connections. A request made on an event loop
 * prefers a connection of that loop.
 */
public final class HttpEndpoint {

  /**
   * Idle time after which a connection is not used again: below the five seconds after which common
   * servers (Node, uvicorn) close, as a request sent into that closing has an unknown fate.
   */
  private static final int KEEP_ALIVE_SECONDS = 4;

  private final HttpClient client;
  private final RequestOptions post;
  private final Http transport;
  private final Duration closing;
  private final UpstreamAuthorizer authorizer;

  public HttpEndpoint(
      Vertx vertx, McpServerConfig config, Http transport, UpstreamAuthorizer authorizer) {
    this.transport = transport;
    this.authorizer = authorizer;
    client =
        vertx.createHttpClient(
            new HttpClientOptions()
                .setConnectTimeout(Math.toIntExact(config.timeouts().connect().toMillis()))
                .setKeepAliveTimeout(KEEP_ALIVE_SECONDS)
                .setDecompressionSupported(false),
            new PoolOptions()
                .setHttp1MaxSize(config.limits().connectionsMax())
                .setMaxWaitQueueSize(config.limits().callsMax()));
    post = options(HttpMethod.POST, "application/json, text/event-stream");
    post.putHeader("Content-Type", "application/json");
    closing = config.timeouts().close();
  }

  /** A request that posts a message. */
  Future<HttpClientRequest> post() {
    return client.request(post);
  }

  /**
   * A request of another kind, with its credentials.
   *
   * @param accept the media type it accepts
   * @param agent whose credentials; empty for the gateway's own
   */
  public Future<HttpClientRequest> open(HttpMethod method, String accept, Optional<AgentId> agent) {
    Promise<HttpClientRequest> opened = Promise.promise();
    Requester.with(
        authorizer.request(method.name(), agent).headers(),
        credentials ->
            client
                .request(options(method, accept))
                .onSuccess(request -> credentials.forEach(request::putHeader))
                .onComplete(opened));
    return opened.future();
  }

  /** Gives the credentials of every request. */
  UpstreamAuthorizer authorizer() {
    return authorizer;
  }

  /** Why no connection was had, for people. */
  public static String reason(Throwable cause) {
    return switch (cause) {
      case ConnectTimeoutException _ -> "no connection in time";
      case UnknownHostException _ -> "its host name is unknown";
      case SSLException _ -> "the TLS handshake failed";
      case ConnectException _ -> "the connection was refused";
      default -> "no connection (" + cause.getClass().getSimpleName() + ")";
    };
  }

  /** Closes all connections. Blocks. */
  public void close() {
    Blocking.await(client.shutdown(0, TimeUnit.MILLISECONDS).toCompletionStage(), closing);
  }

  private RequestOptions options(HttpMethod method, String accept) {
    MultiMap headers = MultiMap.caseInsensitiveMultiMap();
    headers.setAll(transport.headers());
    headers.set("Accept", accept);
    return new RequestOptions()
        .setMethod(method)
        .setAbsoluteURI(transport.url().toString())
        .setFollowRedirects(false)
        .setHeaders(headers);
  }
}
