package dev.gatehouse.mcp.legacy;

import dev.gatehouse.core.call.Principal;
import dev.gatehouse.core.context.ContextKind;
import dev.gatehouse.mcp.asking.ClientCapabilities;
import dev.gatehouse.mcp.config.McpConfig;
import dev.gatehouse.mcp.http.Exchange;
import dev.gatehouse.mcp.http.Timers;
import dev.gatehouse.mcp.jsonrpc.Message;
import dev.gatehouse.mcp.jsonrpc.RequestId;
import dev.gatehouse.mcp.jsonrpc.RpcError;
import dev.gatehouse.mcp.listening.Subscriptions;
import dev.gatehouse.mcp.operations.Operations;
import dev.gatehouse.mcp.requests.Era;
import dev.gatehouse.mcp.requests.Invocation;
import dev.gatehouse.mcp.requests.LogLevel;
import dev.gatehouse.mcp.requests.Operation;
import dev.gatehouse.mcp.requests.Replier;
import dev.gatehouse.mcp.requests.RequestMeta;
import java.math.BigInteger;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Protocol revisions 2025-03-26 to 2025-11-25: {@code initialize} opens a session, every further
 * message names it. A lost connection does not cancel; {@code notifications/cancelled} does.
 */
public final class LegacyEra {

  /** Served revisions, newest first. */
  static final List<String> VERSIONS = List.of("2025-11-25", "2025-06-18", "2025-03-26");

  private static final String SESSION = "mcp-session-id";
  private static final String VERSION = "mcp-protocol-version";
  private static final Era SHAPE = new LegacyShape();

  private final Map<String, Operation> operations;
  private final Listening listening;
  private final Sessions sessions;
  private final Subscriptions subscriptions;
  private final Timers timers;
  private final InstantSource clock;

  public LegacyEra(
      Operations operations, Timers timers, InstantSource clock, RandomGenerator random) {
    this.timers = timers;
    this.clock = clock;
    sessions = new Sessions(clock, random, timers);
    subscriptions = operations.subscriptions();
    listening = new Listening(operations.streams(), clock);
    this.operations =
        Map.of(
            "ping", (_, replier) -> replier.result(Map.of()),
            "tools/list", operations.toolsListWithApprovalWait(),
            "tools/call", operations.toolsCall(),
            "resources/list", operations.list(ContextKind.RESOURCE),
            "resources/templates/list", operations.list(ContextKind.RESOURCE_TEMPLATE),
            "resources/read", operations.resourcesRead(),
            "prompts/list", operations.list(ContextKind.PROMPT),
            "prompts/get", operations.promptsGet(),
            "completion/complete", operations.complete());
    operations.changes().add(sessions::listChanged);
  }

  /** Serves a message. */
  public void post(Exchange exchange, Principal principal, Message message) {
    if (message instanceof Message.Request request && request.method().equals("initialize")) {
      initialize(exchange, principal, request);
      return;
    }
    RequestId id = message instanceof Message.Request request ? request.id() : null;
    inSession(
        exchange,
        principal,
        id,
        session -> {
          switch (message) {
            case Message.Request request -> request(exchange, principal, session, request);
            case Message.Notification notification -> {
              notified(session, notification);
              exchange.reply(202);
            }
            case Message.Response response -> {
              session.questions().answered(response);
              exchange.reply(202);
            }
          }
        });
  }

  /** Opens the session's stream of notifications. */
  public void get(Exchange exchange, Principal principal) {
    if (!exchange.accepts("text/event-stream")) {
      exchange.refuse(406, RpcError.invalidRequest("Accept must list text/event-stream"));
      return;
    }
    inSession(exchange, principal, null, session -> listening.open(exchange, principal, session));
  }

  /** Ends the session. */
  public void delete(Exchange exchange, Principal principal) {
    inSession(
        exchange,
        principal,
        null,
        session -> {
          sessions.end(session);
          exchange.reply(204);
        });
  }

  /** How many sessions are open. */
  int sessions() {
    return sessions.size();
  }

  private void initialize(Exchange exchange, Principal principal, Message.Request request) {
    Optional<RequestId> id = Optional.of(request.id());
    if (!(request.params().get("protocolVersion") instanceof String requested)) {
      exchange.reply(400, id, RpcError.invalidParams("params.protocolVersion must be a string"));
      return;
    }
    Optional<Session> session =
        sessions.open(
            principal.agent(),
            ClientCapabilities.of(request.params().get("capabilities")),
            version(requested).equals(VERSIONS.getFirst()),
            exchange.config());
    if (session.isEmpty()) {
      int max = exchange.config().limits().sessionsMax();
      exchange.reply(503, id, RpcError.internal("sessionsMax " + max + " sessions are open"));
      return;
    }
    exchange.putHeader("Mcp-Session-Id", session.get().id());
    new Replier(exchange, request.id(), SHAPE, timers, () -> {})
        .result(greeting(requested, exchange.config()));
  }

  private static Map<String, Object> greeting(String requested, McpConfig config) {
    Map<String, Object> greeting = new LinkedHashMap<>();
    greeting.put("protocolVersion", version(requested));
    greeting.put("capabilities", Operations.CAPABILITIES);
    greeting.put(
        "serverInfo", Map.of("name", config.serverName(), "version", config.serverVersion()));
    if (!config.instructions().isEmpty()) {
      greeting.put("instructions", config.instructions());
    }
    return greeting;
  }

  private static String version(String requested) {
    return VERSIONS.contains(requested) ? requested : VERSIONS.getFirst();
  }

  private void inSession(
      Exchange exchange, Principal principal, @Nullable RequestId id, Consumer<Session> then) {
    Optional<RequestId> requestId = Optional.ofNullable(id);
    String version = exchange.header(VERSION);
    if (version != null && !VERSIONS.contains(version)) {
      exchange.reply(
          400,
          requestId,
          RpcError.invalidRequest(
              "MCP-Protocol-Version "
                  + RpcError.shortened(version)
                  + " is not served in a session; served are "
                  + VERSIONS));
      return;
    }
    String sessionId = exchange.header(SESSION);
    if (sessionId == null) {
      exchange.reply(
          400,
          requestId,
          RpcError.invalidRequest(
              "Mcp-Session-Id is missing: begin with initialize, or send params._meta of revision"
                  + " 2026-07-28"));
      return;
    }
    sessions
        .find(sessionId, principal.agent(), exchange.config().times().sessionIdle())
        .ifPresentOrElse(
            then,
            () ->
                exchange.reply(
                    404,
                    requestId,
                    RpcError.invalidRequest("there is no such session; initialize a new one")));
  }

  private void request(
      Exchange exchange, Principal principal, Session session, Message.Request request) {
    Replier replier =
        new Replier(
            exchange,
            request.id(),
            SHAPE,
            timers,
            () -> session.end(request.id(), clock.instant()),
            Optional.of(new StreamedQuestions(session.questions())),
            session.streams());
    if (!session.begin(replier)) {
      exchange.reply(
          400,
          Optional.of(request.id()),
          RpcError.invalidRequest("a request of this id is still running in this session"));
      return;
    }
    switch (request.method()) {
      case "logging/setLevel" -> setLevel(session, request, replier);
      case "resources/unsubscribe" -> unsubscribe(session, request, replier);
      default -> operate(exchange, principal, session, request, replier);
    }
  }

  private void operate(
      Exchange exchange,
      Principal principal,
      Session session,
      Message.Request request,
      Replier replier) {
    boolean subscribes = request.method().equals("resources/subscribe");
    Operation operation = subscribes ? subscribe(session) : operations.get(request.method());
    if (operation == null) {
      replier.error(RpcError.methodNotFound(request.method()));
      return;
    }
    RequestMeta meta;
    try {
      meta =
          RequestMeta.of(
              request.params(),
              exchange::header,
              Optional.of(session.logLevel()),
              session.capabilities());
    } catch (IllegalArgumentException e) {
      replier.error(RpcError.invalidParams(String.valueOf(e.getMessage())));
      return;
    }
    operation.run(new Invocation(principal, session.recordName(), request.params(), meta), replier);
  }

  private Operation subscribe(Session session) {
    return (invocation, replier) -> {
      if (invocation.params().get("uri") instanceof String uri && session.subscribedTo(uri)) {
        replier.result(Map.of());
      } else {
        subscriptions.subscribe(invocation, replier, session::updated, session::subscribed);
      }
    };
  }

  private static void unsubscribe(Session session, Message.Request request, Replier replier) {
    if (request.params().get("uri") instanceof String uri) {
      session.unsubscribe(uri);
      replier.result(Map.of());
    } else {
      replier.error(RpcError.invalidParams("params.uri must be the URI of a resource"));
    }
  }

  private static void setLevel(Session session, Message.Request request, Replier replier) {
    Object name = request.params().getOrDefault("level", "");
    LogLevel.of(name)
        .ifPresentOrElse(
            level -> {
              session.logLevel(level);
              replier.result(Map.of());
            },
            () -> replier.error(RpcError.invalidParams("params.level is no log level")));
  }

  private static void notified(Session session, Message.Notification notification) {
    if (notification.method().equals("notifications/cancelled")) {
      Object reason = notification.params().get("reason");
      String why = reason instanceof String text ? RpcError.shortened(text) : "cancelled";
      switch (notification.params().get("requestId")) {
        case String text -> session.cancel(new RequestId.Text(text), why);
        case Integer number -> session.cancel(digits(number), why);
        case Long number -> session.cancel(digits(number), why);
        case BigInteger number -> session.cancel(digits(number), why);
        case null, default -> {} // malformed ones are ignored, as the specification asks
      }
    }
  }

  private static RequestId digits(Number number) {
    return new RequestId.Digits(number.toString());
  }
}
