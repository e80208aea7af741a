package dev.gatehouse.connectors.modern;

import dev.gatehouse.connectors.config.McpServerConfig;
import dev.gatehouse.connectors.config.UpstreamLimits;
import dev.gatehouse.connectors.config.UpstreamTransport;
import dev.gatehouse.connectors.json.Json;
import dev.gatehouse.connectors.json.MalformedMessageException;
import dev.gatehouse.connectors.offer.ListKind;
import dev.gatehouse.connectors.offer.ListingNotes;
import dev.gatehouse.connectors.offer.UpstreamEntry;
import dev.gatehouse.connectors.rpc.Dialect;
import dev.gatehouse.connectors.rpc.Envelope;
import dev.gatehouse.connectors.rpc.RpcReply;
import dev.gatehouse.connectors.rpc.RpcRequest;
import dev.gatehouse.connectors.rpc.RpcSession;
import dev.gatehouse.connectors.rpc.ServerRequests;
import dev.gatehouse.core.tool.ToolListener;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * MCP 2026-07-28: each request says by itself who asks in which version, a server's questions are
 * results, and long calls are tasks. One object a session.
 */
public final class ModernDialect implements Dialect {

  /** The version spoken. */
  static final String VERSION = "2026-07-28";

  /** The extension by which calls become tasks. */
  static final String TASKS = "io.modelcontextprotocol/tasks";

  private static final String META = "io.modelcontextprotocol/";
  private static final Map<String, Object> CLIENT_INFO =
      Map.of("name", "gatehouse", "title", "Gatehouse", "version", "0.1.0");

  /** Of a legacy client's capabilities, those that this era has too. */
  private static final Set<String> CAPABILITIES =
      Set.of("elicitation", "sampling", "roots", "experimental", "extensions");

  /** Which member of the params the header {@code Mcp-Name} mirrors. */
  private static final Map<String, String> NAMES =
      Map.of(
          "tools/call", "name",
          "prompts/get", "name",
          "resources/read", "uri",
          "tasks/get", "taskId",
          "tasks/update", "taskId",
          "tasks/cancel", "taskId");

  private final boolean overHttp;
  private final UpstreamLimits limits;
  private final Vertx vertx;
  private final Supplier<Optional<RpcSession>> current;
  private @Nullable ModernWatching watching;
  private @Nullable ModernTasks tasks;
  private volatile Map<String, ParamHeaders> mirrored = Map.of();
  private volatile CompletableFuture<Void> nextListing = new CompletableFuture<>();

  /**
   * @param current the upstream's session of now: a task outlives the session it began in
   */
  public ModernDialect(
      McpServerConfig config, Vertx vertx, Supplier<Optional<RpcSession>> current) {
    this.overHttp = config.transport() instanceof UpstreamTransport.Http;
    this.limits = config.limits();
    this.vertx = vertx;
    this.current = current;
  }

  @Override
  public Envelope envelope(RpcRequest request) {
    return new Envelope(meta(request), overHttp ? headers(request) : Map.of(), true);
  }

  @Override
  public CompletionStage<RpcReply> perform(
      RpcSession session, RpcRequest request, ToolListener caller) {
    return new ModernCall(this, session, request, caller).run();
  }

  @Override
  public ServerRequests requests() {
    return ServerRequests.NONE;
  }

  @Override
  public String pingMethod() {
    return ModernDiscovery.METHOD;
  }

  /**
   * Leaves out tools that no conforming client may call, and remembers what to mirror of others.
   */
  @Override
  public List<UpstreamEntry> listed(List<UpstreamEntry> tools, ListingNotes notes) {
    if (!overHttp) {
      return tools;
    }
    Map<String, ParamHeaders> headers = new HashMap<>();
    List<UpstreamEntry> usable = new ArrayList<>();
    for (UpstreamEntry tool : tools) {
      try {
        ParamHeaders wanted = ParamHeaders.of(Json.object(tool.definition(), "inputSchema"));
        if (!wanted.isEmpty()) {
          headers.put(tool.name(), wanted);
        }
        usable.add(tool);
      } catch (MalformedMessageException e) {
        notes.add("tool '" + tool.name() + "' is left out: " + e.reason(), tool.definition());
      }
    }
    mirrored = headers;
    CompletableFuture<Void> awaited = nextListing;
    nextListing = new CompletableFuture<>();
    awaited.complete(null);
    return usable;
  }

  @Override
  public CompletionStage<?> listen(
      RpcSession session, Set<ListKind> kinds, Map<String, Object> capabilities) {
    Map<String, Object> filter = new LinkedHashMap<>();
    for (ListKind kind : kinds) {
      if (kind.announced(capabilities)) {
        filter.put(kind.capability() + "ListChanged", true);
      }
    }
    if (filter.isEmpty()) {
      return CompletableFuture.completedStage(filter);
    }
    ModernListening listening = new ModernListening(session, vertx, filter, news(session));
    listening.open();
    return listening.agreed();
  }

  @Override
  public CompletionStage<RpcReply> watch(RpcSession session, String uri, Duration timeout) {
    return watching(session).add(uri, timeout);
  }

  @Override
  public CompletionStage<RpcReply> unwatch(RpcSession session, String uri, Duration timeout) {
    watching(session).remove(uri);
    return CompletableFuture.completedStage(new RpcReply.Result(Map.of()));
  }

  private synchronized ModernWatching watching(RpcSession session) {
    ModernWatching now = watching;
    if (now == null) {
      now = new ModernWatching(session, vertx, "resourceSubscriptions", news(session));
      watching = now;
    }
    return now;
  }

  /** The tasks whose changes the server tells in this session. */
  synchronized ModernTasks tasks(RpcSession session) {
    ModernTasks now = tasks;
    if (now == null) {
      now = new ModernTasks(session, vertx);
      tasks = now;
    }
    return now;
  }

  /** Lists and resources reach the session's news by themselves. */
  private static ModernListening.Told news(RpcSession session) {
    return new ModernListening.Told() {
      @Override
      public void task(Map<String, Object> state) {}

      @Override
      public void gap() {
        session.gap();
      }

      @Override
      public void over() {}
    };
  }

  /** Completes when the server's tools have been listed once more. */
  CompletionStage<Void> nextListing() {
    return nextListing;
  }

  /** The session to poll a task on; the one it began in while there is no other. */
  RpcSession sessionAfter(RpcSession began) {
    return current.get().orElse(began);
  }

  UpstreamLimits limits() {
    return limits;
  }

  Vertx vertx() {
    return vertx;
  }

  private static Map<String, Object> meta(RpcRequest request) {
    Map<String, Object> meta = new LinkedHashMap<>(request.meta());
    meta.put(META + "protocolVersion", VERSION);
    meta.put(META + "clientInfo", CLIENT_INFO);
    meta.put(META + "clientCapabilities", capabilities(request.events().capabilities()));
    String logLevel = request.events().logLevel();
    if (!logLevel.isEmpty()) {
      meta.put(META + "logLevel", logLevel);
    }
    return meta;
  }

  /** What the caller can do, and what the gateway does for it. */
  private static Map<String, Object> capabilities(Map<String, Object> callers) {
    Map<String, Object> all = new LinkedHashMap<>(callers);
    all.keySet().retainAll(CAPABILITIES);
    if (all.containsKey("roots")) {
      all.put("roots", Map.of()); // nobody hears of changed roots in this era
    }
    Map<String, Object> extensions = new LinkedHashMap<>(Json.object(callers, "extensions"));
    extensions.put(TASKS, Map.of());
    all.put("extensions", extensions);
    return all;
  }

  private Map<String, String> headers(RpcRequest request) {
    Map<String, String> headers = new LinkedHashMap<>();
    headers.put("MCP-Protocol-Version", VERSION);
    headers.put("Mcp-Method", request.method());
    String member = NAMES.get(request.method());
    if (member != null) {
      headers.put("Mcp-Name", HeaderText.of(Json.text(request.params(), member)));
    }
    if (request.method().equals("tools/call")) {
      ParamHeaders wanted = mirrored.get(Json.text(request.params(), "name"));
      if (wanted != null) {
        headers.putAll(wanted.values(Json.object(request.params(), "arguments")));
      }
    }
    return headers;
  }
}
