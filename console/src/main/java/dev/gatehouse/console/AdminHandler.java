package dev.gatehouse.console;

import dev.gatehouse.core.audit.AuditUnavailableException;
import dev.gatehouse.core.registry.Operator;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.net.HostAndPort;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Takes a request through the checks to its route, and the answer back. Runs on an event loop. */
final class AdminHandler {

  static final String PREFIX = "/admin/v1/";

  private static final String METRICS = "/metrics";
  private static final String METRICS_TYPE = "text/plain; version=0.0.4; charset=utf-8";
  private static final Duration LINGER = Duration.ofMillis(500);
  private static final Logger LOG = LoggerFactory.getLogger(AdminHandler.class);

  private final Vertx vertx;
  private final AdminConfig config;
  private final AdminPorts ports;
  private final HostCheck hosts;
  private final Routes routes;
  private final CallbackRoute callbacks;

  AdminHandler(Vertx vertx, AdminConfig config, AdminPorts ports) {
    this.vertx = vertx;
    this.config = config;
    this.ports = ports;
    this.hosts = new HostCheck(config.allowedHosts());
    this.routes = new Routes(ports);
    this.callbacks = new CallbackRoute(ports.callbacks(), ports.approvals());
  }

  void handle(HttpServerRequest request) {
    HostAndPort authority = request.authority();
    if (!hosts.passes(
        authority == null ? null : authority.host(), request.getHeader(HttpHeaders.ORIGIN))) {
      refuse(request, Answer.error(403, "host_refused", "this Host or Origin is not served here"));
      return;
    }
    String called = request.path();
    if (called != null && called.startsWith(CallbackRoute.PREFIX)) {
      callback(request, called);
      return;
    }
    Optional<Operator> operator =
        ports.operators().authenticate(request.getHeader(HttpHeaders.AUTHORIZATION));
    if (operator.isEmpty()) {
      request.response().putHeader("www-authenticate", "Bearer");
      refuse(
          request,
          Answer.error(
              401, "unauthenticated", "send an operator's key: 'Authorization: Bearer gh_...'"));
      return;
    }
    if (METRICS.equals(request.path())) {
      metrics(request);
      return;
    }
    List<String> path = path(request.path());
    List<String> methods = Routes.methods(path);
    if (methods.isEmpty()) {
      refuse(request, Answer.error(404, "not_found", "there is no such resource in the admin API"));
    } else if (!methods.contains(request.method().name())) {
      request.response().putHeader(HttpHeaders.ALLOW, String.join(", ", methods));
      refuse(
          request,
          Answer.error(405, "method_not_allowed", "this resource takes " + methods + " only"));
    } else {
      new BodyReader(vertx, config)
          .read(
              request,
              body ->
                  reply(
                      request,
                      () ->
                          routes.answer(
                              request.method().name(),
                              path,
                              operator.get(),
                              Json.object(body.getBytes()))),
              answer -> refuse(request, answer));
    }
  }

  private void callback(HttpServerRequest request, String path) {
    if (!callbacks.isOpen()) {
      refuse(request, Answer.error(404, "not_found", "no callbacks are taken here"));
    } else if (!request.method().equals(HttpMethod.POST)) {
      request.response().putHeader(HttpHeaders.ALLOW, "POST");
      refuse(request, Answer.error(405, "method_not_allowed", "a callback is a POST"));
    } else {
      new BodyReader(vertx, config)
          .read(
              request,
              body -> reply(request, () -> callbacks.answer(path, request.headers(), body)),
              answer -> refuse(request, answer));
    }
  }

  private void metrics(HttpServerRequest request) {
    if (!request.method().equals(HttpMethod.GET)) {
      request.response().putHeader(HttpHeaders.ALLOW, "GET");
      refuse(request, Answer.error(405, "method_not_allowed", "the metrics take GET only"));
      return;
    }
    var _ =
        request
            .response()
            .putHeader(HttpHeaders.CONTENT_TYPE, METRICS_TYPE)
            .putHeader(HttpHeaders.CACHE_CONTROL, "no-store")
            .end(ports.metrics().get());
  }

  private void reply(HttpServerRequest request, Supplier<CompletionStage<Answer>> work) {
    Context context = vertx.getOrCreateContext();
    try {
      var _ =
          work.get()
              .whenComplete(
                  (answer, failure) ->
                      context.runOnContext(
                          _ -> send(request, failure == null ? answer : failed(request, failure))));
    } catch (RuntimeException e) {
      send(request, failed(request, e));
    }
  }

  private static Answer failed(HttpServerRequest request, Throwable failure) {
    return switch (failure) {
      case BadRequestException e -> Answer.error(400, "bad_request", message(e));
      case IllegalArgumentException e -> Answer.error(400, "bad_request", message(e));
      case AuditUnavailableException e -> Answer.error(503, "audit_unavailable", message(e));
      default -> {
        LOG.error("{} {} failed", request.method(), request.path(), failure);
        yield Answer.error(500, "internal", "the request failed; the gateway's log says why");
      }
    };
  }

  private static String message(Throwable failure) {
    String message = failure.getMessage();
    return message == null ? failure.getClass().getSimpleName() : message;
  }

  /**
   * Answers before the body was read. What still comes is thrown away for a moment, since closing
   * at once would reset the connection and lose the answer; after that it is closed.
   */
  private void refuse(HttpServerRequest request, Answer answer) {
    send(request, answer);
    vertx.setTimer(
        LINGER.toMillis(),
        _ -> {
          if (!request.isEnded()) {
            request.connection().close();
          }
        });
  }

  private static void send(HttpServerRequest request, Answer answer) {
    HttpServerResponse response = request.response();
    if (response.ended() || response.closed()) {
      return;
    }
    byte[] bytes;
    try {
      bytes = Json.bytes(answer.body());
    } catch (RuntimeException e) {
      LOG.error("an answer to {} is no JSON", request.path(), e);
      bytes = Json.bytes(Answer.error(500, "internal", "the answer is no JSON").body());
    }
    response
        .setStatusCode(answer.status())
        .putHeader(HttpHeaders.CONTENT_TYPE, "application/json")
        .putHeader(HttpHeaders.CACHE_CONTROL, "no-store")
        .putHeader("x-content-type-options", "nosniff")
        .end(Buffer.buffer(bytes));
  }

  private static List<String> path(@Nullable String path) {
    if (path == null || !path.startsWith(PREFIX) || path.length() > 256) {
      return List.of();
    }
    return List.of(path.substring(PREFIX.length()).split("/", -1));
  }
}
