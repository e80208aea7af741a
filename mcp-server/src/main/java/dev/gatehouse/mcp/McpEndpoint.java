package dev.gatehouse.mcp;

import dev.gatehouse.core.call.Principal;
import dev.gatehouse.core.registry.AgentId;
import dev.gatehouse.core.registry.Authentication.Authenticated;
import dev.gatehouse.core.registry.Authentication.Insufficient;
import dev.gatehouse.core.registry.Authentication.Unauthenticated;
import dev.gatehouse.core.registry.Authentication.Unavailable;
import dev.gatehouse.mcp.config.McpConfig;
import dev.gatehouse.mcp.config.McpPorts;
import dev.gatehouse.mcp.http.BodyReader;
import dev.gatehouse.mcp.http.Exchange;
import dev.gatehouse.mcp.http.Perimeter;
import dev.gatehouse.mcp.http.SingleHeaders;
import dev.gatehouse.mcp.http.Timers;
import dev.gatehouse.mcp.jsonrpc.MessageParser;
import dev.gatehouse.mcp.jsonrpc.Parsed;
import dev.gatehouse.mcp.jsonrpc.RpcError;
import dev.gatehouse.mcp.legacy.LegacyEra;
import dev.gatehouse.mcp.operations.Operations;
import dev.gatehouse.mcp.requests.InFlight;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import java.security.SecureRandom;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;

/**
 * The endpoint at {@code /mcp}: where a request comes from, who sends it, what it says, and which
 * era answers.
 *
 * <p>One object serves every event loop; a request stays on the loop that it came in on. Nothing
 * blocks.
 */
public final class McpEndpoint implements AutoCloseable {

  private static final String ALLOW = "GET, POST, DELETE";

  private final Vertx vertx;
  private final McpPorts ports;
  private final Timers timers;
  private final Operations operations;
  private final ModernEra modern;
  private final LegacyEra legacy;
  private final InFlight requests = new InFlight();
  private final InFlight bodies = new InFlight();
  private volatile Settings settings;

  private McpEndpoint(Vertx vertx, McpPorts ports, McpConfig config, Timers timers) {
    this.vertx = vertx;
    this.ports = ports;
    this.timers = timers;
    settings = Settings.of(config);
    SecureRandom secrets = new SecureRandom();
    operations =
        new Operations(
            ports,
            () -> settings.config(),
            timers,
            () -> ThreadLocalRandom.current().nextLong(),
            secrets);
    modern = new ModernEra(operations, timers);
    legacy = new LegacyEra(operations, timers, ports.clock(), secrets);
  }

  /** Makes the endpoint; one serves the whole process. */
  public static McpEndpoint create(Vertx vertx, McpPorts ports, McpConfig config) {
    return new McpEndpoint(vertx, ports, config, Timers.of(vertx));
  }

  /** Makes an endpoint whose timers a test moves. */
  static McpEndpoint create(Vertx vertx, McpPorts ports, McpConfig config, Timers timers) {
    return new McpEndpoint(vertx, ports, config, timers);
  }

  /** Replaces the settings; requests that came in before keep the old ones. */
  public void reconfigure(McpConfig config) {
    settings = Settings.of(config);
  }

  /** Serves a request. Called on an event loop, before the request's body is read. */
  public void handle(HttpServerRequest request) {
    McpConfig config = settings.config();
    Exchange exchange = new Exchange(request, config, timers, vertx.getOrCreateContext());
    exchange.run(() -> admit(request, exchange));
  }

  private void admit(HttpServerRequest request, Exchange exchange) {
    McpConfig config = exchange.config();
    if (!config.path().equals(request.path())) {
      exchange.refuse(404, RpcError.invalidRequest("MCP is served at " + config.path()));
      return;
    }
    Optional<String> objection = Perimeter.objection(request, config);
    if (objection.isPresent()) {
      exchange.refuse(403, RpcError.invalidRequest(objection.get()));
      return;
    }
    Optional<String> repeated = SingleHeaders.repeated(request.headers());
    if (repeated.isPresent()) {
      exchange.refuse(
          400,
          RpcError.headerMismatch(RpcError.shortened(repeated.get()) + " is given more than once"));
      return;
    }
    String authorization = request.headers().get(HttpHeaders.AUTHORIZATION);
    String apiKey = request.headers().get("x-api-key");
    exchange.challenge(ports.authenticator().challenge());
    switch (ports.authenticator().authenticate(authorization, apiKey)) {
      case Authenticated(var principal) -> route(request.method(), exchange, principal);
      case Unauthenticated(var reason) -> {
        exchange.unauthenticated(authorization != null || apiKey != null);
        exchange.refuse(401, RpcError.invalidRequest(reason));
      }
      case Insufficient(var reason, var needed) -> {
        exchange.insufficient(needed);
        exchange.refuse(403, RpcError.insufficientScope(reason, needed));
      }
      case Unavailable(var reason, var retryAfter) -> {
        exchange.putHeader("Retry-After", Long.toString(Math.max(1, retryAfter.toSeconds())));
        exchange.refuse(503, RpcError.internal(reason));
      }
    }
  }

  private void route(HttpMethod method, Exchange exchange, Principal principal) {
    boolean modernOnly = ModernEra.VERSION.equals(exchange.header(ModernHeaders.VERSION));
    if (method.equals(HttpMethod.POST)) {
      post(exchange, principal);
    } else if (method.equals(HttpMethod.GET) && !modernOnly) {
      legacy.get(exchange, principal);
    } else if (method.equals(HttpMethod.DELETE) && !modernOnly) {
      legacy.delete(exchange, principal);
    } else {
      exchange.putHeader("Allow", modernOnly ? "POST" : ALLOW);
      exchange.refuse(405, RpcError.invalidRequest("this method is not served here"));
    }
  }

  private void post(Exchange exchange, Principal principal) {
    int max = exchange.config().limits().requestsPerAgentMax();
    if (!requests.enter(principal.agent(), 1, max)) {
      exchange.putHeader("Retry-After", "1");
      exchange.refuse(
          429,
          RpcError.invalidRequest(
              "this agent has requestsPerAgentMax " + max + " requests in progress"));
      return;
    }
    AgentId agent = principal.agent();
    int[] bytes = {0};
    exchange.onOver(
        () -> {
          requests.leave(agent, 1);
          bodies.leave(agent, bytes[0]);
        });
    if (!exchange.accepts("application/json") && !exchange.accepts("text/event-stream")) {
      exchange.refuse(
          406, RpcError.invalidRequest("Accept must list application/json and text/event-stream"));
      return;
    }
    MessageParser parser = settings.parser();
    BodyReader.read(
        exchange,
        more -> {
          boolean room =
              bodies.enter(agent, more, exchange.config().limits().bodyBytesPerAgentMax());
          bytes[0] += room ? more : 0;
          return room;
        },
        body -> dispatch(exchange, principal, parser.parse(body)));
  }

  private void dispatch(Exchange exchange, Principal principal, Parsed parsed) {
    switch (parsed) {
      case Parsed.Invalid(var id, var error) -> exchange.reply(400, id, error);
      case Parsed.Valid(var message) -> {
        if (ModernEra.claims(exchange, message)) {
          modern.post(exchange, principal, message);
        } else {
          legacy.post(exchange, principal, message);
        }
      }
    }
  }

  @Override
  public void close() {
    operations.close();
  }

  /** The settings with what is made of them once. */
  private record Settings(McpConfig config, MessageParser parser) {
    static Settings of(McpConfig config) {
      return new Settings(config, new MessageParser(config.limits()));
    }
  }
}
