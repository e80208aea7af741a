package dev.gatehouse.gateway;

import dev.gatehouse.core.audit.AuditLog;
import dev.gatehouse.gateway.config.GatewayConfig.Server;
import dev.gatehouse.llm.LlmEndpoint;
import dev.gatehouse.llm.LlmGateway;
import dev.gatehouse.mcp.McpEndpoint;
import dev.gatehouse.registry.LiveAuthenticator;
import dev.gatehouse.registry.token.TokenService;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

/**
 * The data plane of one event loop: sends {@code /mcp} to the MCP endpoint, {@code /v1/*} to the
 * LLM endpoint, OAuth's documents to whoever asks, and answers health checks. All loops listen on
 * one port.
 */
final class DataPlane extends VerticleBase {

  /** What all event loops share. */
  record Shared(
      Server server,
      McpEndpoint mcp,
      LlmGateway llm,
      LiveAuthenticator authenticator,
      TokenService tokens,
      Function<String, Optional<String>> clientMetadata,
      AuditLog audit,
      Readiness readiness,
      AtomicInteger connections) {}

  private static final int INITIAL_LINE_CHARS_MAX = 8 * 1024;
  private static final int HEADER_BYTES_MAX = 32 * 1024;

  private final Shared shared;
  private @org.jspecify.annotations.Nullable HttpServer server;
  private @org.jspecify.annotations.Nullable LlmEndpoint llm;

  DataPlane(Shared shared) {
    this.shared = shared;
  }

  @Override
  public Future<?> start() {
    LlmEndpoint endpoint = shared.llm.endpoint(vertx);
    AuthRoutes auth = new AuthRoutes(shared.tokens, shared.clientMetadata, shared.audit, vertx);
    HttpServer http =
        vertx.createHttpServer(options(shared.server)).connectionHandler(this::connected);
    llm = endpoint;
    server = http;
    return http.requestHandler(request -> admit(request, endpoint, auth)).listen();
  }

  @Override
  public Future<?> stop() {
    Future<?> closed = llm == null ? Future.succeededFuture() : llm.close();
    return server == null ? closed : closed.eventually(server::close);
  }

  private static HttpServerOptions options(Server server) {
    return new HttpServerOptions()
        .setHost(server.endpoint().host())
        .setPort(server.endpoint().port())
        .setReuseAddress(true)
        .setTcpNoDelay(true)
        .setAcceptBacklog(1024)
        .setIdleTimeoutUnit(TimeUnit.MILLISECONDS)
        .setIdleTimeout((int) server.idleTimeout().toMillis())
        .setMaxInitialLineLength(INITIAL_LINE_CHARS_MAX)
        .setMaxHeaderSize(HEADER_BYTES_MAX)
        .setHttp2ClearTextEnabled(false)
        .setHandle100ContinueAutomatically(true);
  }

  private void connected(HttpConnection connection) {
    boolean tooMany = shared.connections.incrementAndGet() > shared.server.connectionsMax();
    connection.closeHandler(_ -> shared.connections.decrementAndGet());
    if (tooMany) {
      var _ = connection.close();
    }
  }

  /** Has a request wait for the keys by which its token is checked, when they are on their way. */
  private void admit(HttpServerRequest request, LlmEndpoint endpoint, AuthRoutes auth) {
    List<String> authorization = request.headers().getAll(HttpHeaders.AUTHORIZATION);
    if (authorization.size() > 1) {
      answer(request, 400, "{\"error\":\"more than one Authorization header\"}");
      return;
    }
    Optional<CompletionStage<Void>> awaited =
        authorization.isEmpty()
            ? Optional.empty()
            : shared.authenticator.awaited(authorization.getFirst());
    if (awaited.isEmpty()) {
      route(request, endpoint, auth);
      return;
    }
    request.pause();
    Context loop = vertx.getOrCreateContext();
    awaited
        .get()
        .whenComplete(
            (_, _) ->
                loop.runOnContext(
                    _ -> {
                      if (!request.response().closed()) {
                        route(request, endpoint, auth);
                        request.resume();
                      }
                    }));
  }

  private void route(HttpServerRequest request, LlmEndpoint endpoint, AuthRoutes auth) {
    String path = request.path();
    if (path == null) {
      answer(request, 400, "{\"error\":\"the request line has no path\"}");
    } else if (path.equals("/mcp")) {
      shared.mcp.handle(request);
    } else if (path.startsWith("/v1/")) {
      endpoint.handle(request);
    } else if (path.equals("/healthz")) {
      answer(request, 200, "{\"status\":\"up\"}");
    } else if (path.equals("/readyz")) {
      ready(request);
    } else if (!auth.handle(request, path)) {
      answer(request, 404, "{\"error\":\"nothing is served here; agents use /mcp and /v1/*\"}");
    }
  }

  private void ready(HttpServerRequest request) {
    Optional<String> awaited = shared.readiness.awaited();
    answer(
        request,
        awaited.isEmpty() ? 200 : 503,
        awaited
            .map(what -> "{\"status\":\"not ready\",\"because\":\"" + what + "\"}")
            .orElse("{\"status\":\"ready\"}"));
  }

  private static void answer(HttpServerRequest request, int status, String json) {
    HttpServerResponse response = request.response();
    if (status >= 400) {
      response.putHeader("connection", "close");
    }
    var _ = response.setStatusCode(status).putHeader("content-type", "application/json").end(json);
  }
}
