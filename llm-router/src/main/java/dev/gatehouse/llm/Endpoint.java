package dev.gatehouse.llm;

import dev.gatehouse.core.registry.Authentication;
import dev.gatehouse.core.registry.Authentication.Authenticated;
import dev.gatehouse.core.registry.Authentication.Insufficient;
import dev.gatehouse.core.registry.Authentication.Unauthenticated;
import dev.gatehouse.core.registry.Authentication.Unavailable;
import dev.gatehouse.core.registry.Challenge;
import dev.gatehouse.llm.config.LlmLimits;
import dev.gatehouse.llm.failover.Routes;
import dev.gatehouse.llm.wire.Api;
import dev.gatehouse.llm.wire.Problem;
import dev.gatehouse.llm.wire.Protocol;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import java.util.Optional;

/** The endpoints of one event loop: finds the path, checks the credential, opens the exchange. */
final class Endpoint implements LlmEndpoint {

  private static final String MODELS = "/v1/models";

  private static final String RESPONSES_NOT_SERVED =
      "the gateway serves no stored responses, as what they hold would pass it unseen; keep what"
          + " POST /v1/responses answers";

  private final LlmGateway gateway;
  private final Vertx vertx;
  private final Context context;
  private final long loopThreadId;
  private final Watch watch;
  private final Upstreams upstreams;
  private Routes routes;

  Endpoint(LlmGateway gateway, Vertx vertx) {
    this.gateway = gateway;
    this.vertx = vertx;
    this.context = vertx.getOrCreateContext();
    this.loopThreadId = Thread.currentThread().threadId();
    this.watch = new Watch(vertx);
    this.upstreams = new Upstreams(vertx);
    this.routes = gateway.routes();
  }

  @Override
  public void handle(HttpServerRequest request) {
    String path = String.valueOf(request.path());
    Optional<Api> api = Api.at(path);
    if (api.isPresent()) {
      call(request, api.get());
    } else if (path.equals(MODELS) || path.startsWith(MODELS + "/")) {
      models(request, path);
    } else {
      ClientReply reply =
          new ClientReply(
              vertx, request, protocolOf(request), gateway.clock(), gateway.answerBytesKept());
      reply.problem(
          path.startsWith(Api.RESPONSES.path() + "/")
              ? new Problem(404, "responses_not_served", RESPONSES_NOT_SERVED)
              : new Problem(404, "unknown_path", "there is nothing at this path"));
    }
  }

  private void call(HttpServerRequest request, Api api) {
    ClientReply reply =
        new ClientReply(vertx, request, api.protocol(), gateway.clock(), gateway.answerBytesKept());
    switch (authenticate(request)) {
      case Unauthenticated(var reason) -> reply.unauthenticated(reason, challenge(request));
      case Insufficient(var reason, var needed) ->
          reply.insufficientScope(reason, gateway.authenticator().challenge().insufficient(needed));
      case Unavailable(var reason, var retryAfter) -> reply.uncheckable(reason, retryAfter);
      case Authenticated(var principal) -> {
        if (!request.method().equals(HttpMethod.POST)) {
          reply.methodNotAllowed("POST");
          return;
        }
        Routes current = current();
        LlmLimits limits = current.config().limits();
        if (!gateway.enter(limits.concurrentMax())) {
          reply.problem(
              new Problem(
                      503,
                      "gateway_busy",
                      "the gateway serves "
                          + limits.concurrentMax()
                          + " requests at a time, and that many are in flight")
                  .retryAfter(1));
          return;
        }
        new Exchange(this, gateway, current, request, reply, principal, api).start();
      }
    }
  }

  private void models(HttpServerRequest request, String path) {
    Protocol protocol = protocolOf(request);
    ClientReply reply =
        new ClientReply(vertx, request, protocol, gateway.clock(), gateway.answerBytesKept());
    switch (authenticate(request)) {
      case Unauthenticated(var reason) -> reply.unauthenticated(reason, challenge(request));
      case Insufficient(var reason, var needed) ->
          reply.insufficientScope(reason, gateway.authenticator().challenge().insufficient(needed));
      case Unavailable(var reason, var retryAfter) -> reply.uncheckable(reason, retryAfter);
      case Authenticated _ -> {
        if (!request.method().equals(HttpMethod.GET)) {
          reply.methodNotAllowed("GET");
          return;
        }
        Optional<byte[]> body =
            path.length() <= MODELS.length() + 1
                ? Optional.of(ModelList.all(protocol, current().modelNames()))
                : ModelList.one(
                    protocol, current().modelNames(), path.substring(MODELS.length() + 1));
        body.ifPresentOrElse(
            reply::json,
            () ->
                reply.problem(
                    new Problem(404, "model_not_found", "the gateway lists no such model")));
      }
    }
  }

  private String challenge(HttpServerRequest request) {
    Challenge challenge = gateway.authenticator().challenge();
    boolean shown =
        request.headers().contains(HttpHeaders.AUTHORIZATION)
            || request.headers().contains(Headers.API_KEY);
    return shown ? challenge.invalid() : challenge.missing();
  }

  private Authentication authenticate(HttpServerRequest request) {
    return gateway
        .authenticator()
        .authenticate(
            request.getHeader(HttpHeaders.AUTHORIZATION), request.getHeader(Headers.API_KEY));
  }

  /** Clients of Anthropic say their version on every request; those of OpenAI have none. */
  private static Protocol protocolOf(HttpServerRequest request) {
    return request.getHeader(Headers.ANTHROPIC_VERSION) == null ? Protocol.CHAT : Protocol.MESSAGES;
  }

  private Routes current() {
    Routes now = gateway.routes();
    if (!now.equals(routes)) {
      routes = now;
      upstreams.retain(now.config().providers(), now.config().limits());
    }
    return now;
  }

  Vertx vertx() {
    return vertx;
  }

  Context context() {
    return context;
  }

  Watch watch() {
    return watch;
  }

  Upstreams upstreams() {
    return upstreams;
  }

  /** Runs a task on this event loop: at once when called there, else later. */
  void onLoop(Runnable task) {
    if (Thread.currentThread().threadId() == loopThreadId) {
      task.run();
    } else {
      context.runOnContext(_ -> task.run());
    }
  }

  @Override
  public Future<Void> close() {
    return upstreams.close();
  }
}
