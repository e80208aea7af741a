package dev.gatehouse.bench.peer;

import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;

/**
 * The least that a Vert.x hop can do: take a request, send its body on, send the answer back. What
 * the gateway costs more than this is the price of governing.
 *
 * <p>Arguments: own port, upstream's port, event loops.
 */
public final class BareHop extends VerticleBase {

  private static final int UPSTREAM_CONNECTIONS = 1024;

  private final int port;
  private final int upstreamPort;

  BareHop(int port, int upstreamPort) {
    this.port = port;
    this.upstreamPort = upstreamPort;
  }

  @SuppressWarnings("MissingJavadoc") // an entry point
  public static void main(String[] args) {
    int port = Integer.parseInt(args[0]);
    int upstreamPort = Integer.parseInt(args[1]);
    Loops.run(Integer.parseInt(args[2]), () -> new BareHop(port, upstreamPort));
  }

  @Override
  public Future<?> start() {
    HttpClient client =
        vertx.createHttpClient(
            new HttpClientOptions().setDefaultHost("127.0.0.1").setDefaultPort(upstreamPort),
            new PoolOptions().setHttp1MaxSize(UPSTREAM_CONNECTIONS));
    return vertx
        .createHttpServer(Loops.server(port))
        .requestHandler(request -> forward(request, client))
        .listen();
  }

  private static void forward(HttpServerRequest request, HttpClient client) {
    RequestOptions target = new RequestOptions().setMethod(request.method()).setURI(request.uri());
    request
        .body()
        .compose(body -> client.request(target).compose(onward -> send(onward, request, body)))
        .compose(answer -> relay(answer, request))
        .onFailure(failure -> request.response().setStatusCode(502).end(failure.toString()));
  }

  private static Future<HttpClientResponse> send(
      HttpClientRequest onward, HttpServerRequest request, Buffer body) {
    request
        .headers()
        .forEach(
            (name, value) -> {
              if (!name.equalsIgnoreCase("host") && !name.equalsIgnoreCase("content-length")) {
                onward.putHeader(name, value);
              }
            });
    return onward.send(body);
  }

  private static Future<Void> relay(HttpClientResponse answer, HttpServerRequest request) {
    var response = request.response().setStatusCode(answer.statusCode());
    response.headers().setAll(answer.headers());
    boolean whole = answer.headers().contains(HttpHeaders.CONTENT_LENGTH);
    return whole ? answer.body().compose(response::end) : answer.pipeTo(response);
  }
}
