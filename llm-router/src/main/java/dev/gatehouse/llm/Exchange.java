package dev.gatehouse.llm;

import dev.gatehouse.core.audit.AuditBody;
import dev.gatehouse.core.call.Deadline;
import dev.gatehouse.core.call.ModelCall;
import dev.gatehouse.core.call.Principal;
import dev.gatehouse.core.call.TargetTier;
import dev.gatehouse.core.decision.Reason;
import dev.gatehouse.core.gate.Admission.Granted;
import dev.gatehouse.core.gate.Admission.Pending;
import dev.gatehouse.core.gate.Admission.Refused;
import dev.gatehouse.core.gate.Intent;
import dev.gatehouse.core.json.Digest;
import dev.gatehouse.llm.config.LlmLimits;
import dev.gatehouse.llm.config.Metering;
import dev.gatehouse.llm.config.ModelRoute;
import dev.gatehouse.llm.failover.Routes;
import dev.gatehouse.llm.limit.Asked;
import dev.gatehouse.llm.limit.Claim;
import dev.gatehouse.llm.limit.LimitHeaders;
import dev.gatehouse.llm.wire.Api;
import dev.gatehouse.llm.wire.BadRequestException;
import dev.gatehouse.llm.wire.Problem;
import dev.gatehouse.llm.wire.ProviderTool;
import dev.gatehouse.llm.wire.RequestFacts;
import dev.gatehouse.llm.wire.RequestScan;
import dev.gatehouse.llm.wire.TokenEstimate;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One authenticated request, from its first byte to the last of its reply. Lives on one event loop.
 *
 * <p>READING the body → admitted by the Gate → SERVING by a {@link Walk} over the lanes → OVER. A
 * client that leaves makes it OVER at any time and cancels what is upstream.
 */
final class Exchange implements Watch.Limited {

  private static final Logger LOG = LoggerFactory.getLogger(Exchange.class);
  private static final int SESSION_MAX = 128;

  private final Endpoint endpoint;
  private final LlmGateway gateway;
  private final Routes routes;
  private final HttpServerRequest request;
  private final ClientReply reply;
  private final Principal principal;
  private final Api api;
  private final LlmLimits limits;
  private final long startedNanos = System.nanoTime();
  private final long deadlineNanos;

  private @Nullable Buffer body;
  private @Nullable Walk walk;
  private @Nullable Meter meter;
  private boolean over;
  private boolean limited;
  private long limitNanos;
  private Runnable onLimit = () -> {};

  Exchange(
      Endpoint endpoint,
      LlmGateway gateway,
      Routes routes,
      HttpServerRequest request,
      ClientReply reply,
      Principal principal,
      Api api) {
    this.api = api;
    this.endpoint = endpoint;
    this.gateway = gateway;
    this.routes = routes;
    this.request = request;
    this.reply = reply;
    this.principal = principal;
    this.limits = routes.config().limits();
    this.deadlineNanos = startedNanos + limits.deadline().toNanos();
  }

  void start() {
    endpoint.watch().add(this);
    limit(limits.requestTimeout(), this::requestTooSlow);
    reply.response().closeHandler(_ -> clientLeft());
    request.exceptionHandler(_ -> clientLeft());
    String length = request.getHeader("content-length");
    if (length != null && !fits(length)) {
      requestTooLarge();
      return;
    }
    request.handler(this::chunk);
    request.endHandler(_ -> received());
  }

  private boolean fits(String length) {
    return length.length() <= 10 && Long.parseLong(length) <= limits.requestBytesMax();
  }

  private void chunk(Buffer chunk) {
    if (over) {
      return;
    }
    if ((body == null ? 0 : body.length()) + chunk.length() > limits.requestBytesMax()) {
      requestTooLarge();
    } else if (body == null) {
      body = chunk;
    } else {
      body = body.appendBuffer(chunk);
    }
  }

  private void requestTooLarge() {
    problem(
        new Problem(
            413,
            "request_too_large",
            "the request body is larger than the limit of "
                + limits.requestBytesMax()
                + " bytes (llm.request_bytes_max)"));
  }

  private void requestTooSlow() {
    problem(
        new Problem(
            408,
            "request_timeout",
            "the request body did not arrive within "
                + limits.requestTimeout().toMillis()
                + " ms (llm.request_timeout)"));
  }

  private void received() {
    if (over) {
      return;
    }
    unlimited();
    byte[] bytes = body == null ? new byte[0] : body.getBytes();
    body = null;
    try {
      admit(RequestScan.scan(api, bytes), bytes);
    } catch (BadRequestException e) {
      problem(Problem.badRequest(e.field(), String.valueOf(e.getMessage())));
    } catch (RuntimeException e) {
      LOG.error("call {} failed inside the gateway", reply.id(), e);
      if (meter != null) {
        meter.settle(List.of());
      }
      problem(new Problem(500, "internal_error", "the gateway failed on this request"));
    }
  }

  private void admit(RequestFacts facts, byte[] bytes) {
    Optional<ModelRoute> route = routes.find(facts.model(), api);
    ModelCall call =
        new ModelCall(
            reply.id(),
            principal,
            session(facts),
            api.operation(),
            facts.model(),
            route.map(ModelRoute::tier).orElse(""),
            facts.streaming(),
            bytes.length,
            route.map(ModelRoute::targetTier).orElse(TargetTier.PROD),
            AuditBody.of(AuditBody.Kind.REQUEST, bytes),
            Deadline.after(limits.deadline(), gateway.clock()),
            Headers.traceParent(request.headers()),
            facts.providerTools().stream().map(ProviderTool::name).toList(),
            route.map(found -> found.limits().dataClass()).orElse(""));
    Optional<ProviderTool> passing = route.flatMap(found -> ProviderRun.first(facts, found));
    Supplier<Optional<Reason>> objection =
        () -> passing.map(tool -> ProviderRun.objection(tool, facts.model()));
    Meter asks = meter(facts, route);
    meter = asks;
    switch (gateway.gate().admit(call, objection, asks.allowance())) {
      case Granted(var grant) -> {
        Course course = Course.of(routes, api, route, facts.model(), gateway.random());
        walk = new Walk(this, grant, asks, facts, course);
        walk.start();
      }
      case Pending(var approval, var intent) ->
          recorded(Optional.of(intent), Refusals.pending(approval));
      case Refused(var decision, var risk, var intent) -> {
        if (decision.reason().rule().equals(Reason.INSUFFICIENT_SCOPE)) {
          challenge(call);
        }
        asks.refusal().ifPresent(full -> LimitHeaders.set(full, api.protocol(), reply.headers()));
        recorded(
            intent,
            passing
                .filter(_ -> decision.reason().rule().equals(ProviderRun.RULE))
                .map(tool -> Problem.badRequest(tool.field(), decision.reason().message()))
                .or(() -> asks.refusal().map(full -> Refusals.limited(full, api.protocol())))
                .orElseGet(() -> Refusals.refused(decision, risk)));
      }
    }
  }

  /**
   * What the call uses up; counting tokens uses nothing, and a model without a route goes nowhere.
   */
  private Meter meter(RequestFacts facts, Optional<ModelRoute> route) {
    Metering metering = routes.config().metering();
    boolean limited = !metering.limits().isEmpty() && api != Api.COUNT_TOKENS && route.isPresent();
    return new Meter(
        api, metering.prices(), limited ? claim(metering, facts, route.orElseThrow()) : null);
  }

  private Claim claim(Metering metering, RequestFacts facts, ModelRoute route) {
    return new Claim(
        gateway.limits(),
        metering,
        new Asked(
            principal.agent().value(),
            facts.model(),
            route,
            () ->
                TokenEstimate.of(
                    facts.body(), api.answers() ? metering.outputTokensEstimate() : 0)));
  }

  /** Tells which scope another token needs. */
  private void challenge(ModelCall call) {
    List<String> needed =
        principal.scopes().flatMap(scopes -> scopes.neededFor(call)).stream().toList();
    reply
        .headers()
        .set("www-authenticate", gateway.authenticator().challenge().insufficient(needed));
  }

  /** Sends a refusal when its row is durable, or can no longer become so. */
  private void recorded(Optional<Intent> intent, Problem refusal) {
    if (intent.isEmpty()) {
      problem(refusal);
      return;
    }
    intent
        .get()
        .durable()
        .whenComplete(
            (receipt, failure) ->
                endpoint.onLoop(
                    () -> {
                      if (receipt != null) {
                        reply.headers().set(Headers.AUDIT, receipt.toString());
                      }
                      problem(failure == null ? refusal : Refusals.UNRECORDED);
                    }));
  }

  /** The session that the client names, in a form that rows can keep. */
  private String session(RequestFacts facts) {
    String header = request.getHeader(Headers.SESSION);
    String name = header == null ? facts.userId() : header;
    if (name.length() <= SESSION_MAX && Headers.visible(name)) {
      return name;
    }
    return "sha256-" + Digest.of(name.getBytes(StandardCharsets.UTF_8)).hex().substring(0, 32);
  }

  /** Ends the request with an error. */
  void problem(Problem problem) {
    if (!over) {
      end();
      reply.problem(problem);
    }
  }

  /** Ends the request; the reply has been or is being sent. */
  void end() {
    if (!over) {
      over = true;
      endpoint.watch().remove(this);
      gateway.leave();
    }
  }

  private void clientLeft() {
    if (!over) {
      end();
      if (walk != null) {
        walk.clientLeft();
      }
    }
  }

  /** Cuts off a client that does not read. */
  void cutOff() {
    clientLeft();
    request.connection().close();
  }

  @Override
  public void check(long nowNanos) {
    if (over) {
      return;
    }
    if (nowNanos - deadlineNanos >= 0) {
      unlimited();
      if (walk == null) {
        requestTooSlow();
      } else {
        walk.deadlinePassed();
      }
    } else if (limited && nowNanos - limitNanos >= 0) {
      Runnable action = onLimit;
      unlimited();
      action.run();
    }
  }

  /** Sets the one limit of the present phase, besides the deadline. */
  void limit(Duration after, Runnable action) {
    limited = true;
    limitNanos = System.nanoTime() + after.toNanos();
    onLimit = action;
  }

  void unlimited() {
    limited = false;
  }

  Duration untilDeadline() {
    return Duration.ofNanos(Math.max(0, deadlineNanos - System.nanoTime()));
  }

  Duration elapsed() {
    return Duration.ofNanos(System.nanoTime() - startedNanos);
  }

  boolean over() {
    return over;
  }

  Api api() {
    return api;
  }

  Principal principal() {
    return principal;
  }

  ClientReply reply() {
    return reply;
  }

  HttpServerRequest request() {
    return request;
  }

  LlmLimits limits() {
    return limits;
  }

  LlmGateway gateway() {
    return gateway;
  }

  Endpoint endpoint() {
    return endpoint;
  }
}
