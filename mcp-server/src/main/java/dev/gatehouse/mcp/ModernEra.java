package dev.gatehouse.mcp;

import dev.gatehouse.core.call.Principal;
import dev.gatehouse.core.context.ContextKind;
import dev.gatehouse.mcp.ModernShape.Caching;
import dev.gatehouse.mcp.asking.ClientCapabilities;
import dev.gatehouse.mcp.http.Exchange;
import dev.gatehouse.mcp.http.Timers;
import dev.gatehouse.mcp.jsonrpc.Message;
import dev.gatehouse.mcp.jsonrpc.RpcError;
import dev.gatehouse.mcp.operations.Operations;
import dev.gatehouse.mcp.requests.Invocation;
import dev.gatehouse.mcp.requests.LogLevel;
import dev.gatehouse.mcp.requests.Operation;
import dev.gatehouse.mcp.requests.Replier;
import dev.gatehouse.mcp.requests.RequestMeta;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Protocol revision 2026-07-28: every POST stands alone and says in {@code params._meta} which
 * revision it speaks. Closing the response cancels the request.
 */
final class ModernEra {

  static final String VERSION = "2026-07-28";
  static final String META_VERSION = "io.modelcontextprotocol/protocolVersion";
  private static final String META_CAPABILITIES = "io.modelcontextprotocol/clientCapabilities";
  private static final String META_LOG_LEVEL = "io.modelcontextprotocol/logLevel";
  private static final String READ = "resources/read";
  private static final List<String> VERSIONS = List.of(VERSION);

  private final Map<String, Operation> operations;
  private final Map<String, Operation> lists;
  private final Operations shared;
  private final Timers timers;

  ModernEra(Operations operations, Timers timers) {
    shared = operations;
    this.timers = timers;
    lists =
        Map.of(
            "server/discover", operations.discover(VERSIONS),
            "tools/list", operations.toolsList(),
            "resources/list", operations.list(ContextKind.RESOURCE),
            "resources/templates/list", operations.list(ContextKind.RESOURCE_TEMPLATE),
            "prompts/list", operations.list(ContextKind.PROMPT));
    this.operations = new HashMap<>(operations.tasks());
    this.operations.put("tools/call", operations.toolsCall());
    this.operations.put(READ, operations.resourcesRead());
    this.operations.put("prompts/get", operations.promptsGet());
    this.operations.put("completion/complete", operations.complete());
    this.operations.put("subscriptions/listen", operations.listen());
  }

  /** Whether a message belongs to this era. */
  static boolean claims(Exchange exchange, Message message) {
    Map<String, Object> params =
        switch (message) {
          case Message.Request request -> request.params();
          case Message.Notification notification -> notification.params();
          case Message.Response _ -> Map.of();
        };
    boolean named = params.get("_meta") instanceof Map<?, ?> meta && meta.containsKey(META_VERSION);
    boolean handshake =
        message instanceof Message.Request request && request.method().equals("initialize");
    return named || (!handshake && VERSION.equals(exchange.header(ModernHeaders.VERSION)));
  }

  void post(Exchange exchange, Principal principal, Message message) {
    switch (message) {
      case Message.Request request -> request(exchange, principal, request);
      case Message.Notification _ -> exchange.reply(202);
      case Message.Response _ ->
          exchange.reply(
              400,
              Optional.empty(),
              RpcError.invalidRequest("this revision has no requests to clients to respond to"));
    }
  }

  private void request(Exchange exchange, Principal principal, Message.Request request) {
    Optional<RpcError> malformed = malformed(exchange, request);
    if (malformed.isPresent()) {
      exchange.reply(400, Optional.of(request.id()), malformed.get());
      return;
    }
    boolean list = lists.containsKey(request.method());
    Operation operation = (list ? lists : operations).get(request.method());
    if (operation == null) {
      exchange.reply(404, Optional.of(request.id()), RpcError.methodNotFound(request.method()));
      return;
    }
    Optional<RpcError> unequal = paramHeaders(exchange, principal, request);
    if (unequal.isPresent()) {
      exchange.reply(400, Optional.of(request.id()), unequal.get());
      return;
    }
    RequestMeta meta;
    try {
      meta =
          RequestMeta.of(
                  request.params(),
                  exchange::header,
                  level(request),
                  ClientCapabilities.of(
                      RequestMeta.members(request.params()).get(META_CAPABILITIES)))
              .repeating(request.params());
    } catch (IllegalArgumentException e) {
      exchange.reply(
          400, Optional.of(request.id()), RpcError.invalidParams(String.valueOf(e.getMessage())));
      return;
    }
    Replier replier =
        new Replier(
            exchange,
            request.id(),
            new ModernShape(exchange.config(), caching(request.method(), list)),
            timers,
            () -> {});
    exchange.onGone(() -> replier.cancel("the client closed the response"));
    operation.run(new Invocation(principal, "", request.params(), meta), replier);
  }

  private static Caching caching(String method, boolean list) {
    if (list) {
      return Caching.LIST;
    }
    return method.equals(READ) ? Caching.CONTENT : Caching.NONE;
  }

  /** A tool that the agent may not know of is not looked at: the reply must not give it away. */
  private Optional<RpcError> paramHeaders(
      Exchange exchange, Principal principal, Message.Request request) {
    return request.method().equals("tools/call")
            && request.params().get("name") instanceof String name
        ? shared
            .visibleTool(principal.agent(), name)
            .flatMap(tool -> ParamHeaders.check(exchange, tool, request.params()))
        : Optional.empty();
  }

  private static Optional<RpcError> malformed(Exchange exchange, Message.Request request) {
    if (!(request.params().get("_meta") instanceof Map<?, ?> meta)) {
      return Optional.of(RpcError.invalidParams("params._meta is missing"));
    }
    if (!(meta.get(META_VERSION) instanceof String version)) {
      return Optional.of(RpcError.invalidParams("params._meta has no " + META_VERSION));
    }
    Optional<RpcError> header = ModernHeaders.checkVersion(exchange, version);
    if (header.isPresent()) {
      return header;
    }
    if (!version.equals(VERSION)) {
      return Optional.of(RpcError.unsupportedVersion(version, VERSIONS));
    }
    if (!(meta.get(META_CAPABILITIES) instanceof Map<?, ?>)) {
      return Optional.of(RpcError.invalidParams("params._meta has no " + META_CAPABILITIES));
    }
    return ModernHeaders.check(exchange, request);
  }

  private static Optional<LogLevel> level(Message.Request request) {
    Object name = RequestMeta.members(request.params()).get(META_LOG_LEVEL);
    if (name == null) {
      return Optional.empty();
    }
    return Optional.of(
        LogLevel.of(name)
            .orElseThrow(() -> new IllegalArgumentException(META_LOG_LEVEL + " is no log level")));
  }
}
