package dev.gatehouse.connectors;

import dev.gatehouse.connectors.catalog.Catalog;
import dev.gatehouse.connectors.catalog.Quarantine;
import dev.gatehouse.connectors.config.McpServerConfig;
import dev.gatehouse.connectors.oauth.ClientMetadata;
import dev.gatehouse.connectors.oauth.OAuthPorts;
import dev.gatehouse.connectors.oauth.UpstreamOAuth;
import dev.gatehouse.connectors.pins.PinBook;
import dev.gatehouse.connectors.process.ProcessTree;
import dev.gatehouse.connectors.upstream.Upstream;
import dev.gatehouse.core.call.Principal;
import dev.gatehouse.core.context.ContextCatalog;
import dev.gatehouse.core.context.ContextDescriptor;
import dev.gatehouse.core.context.ContextKind;
import dev.gatehouse.core.tool.ConnectorHealth;
import dev.gatehouse.core.tool.ToolCatalog;
import dev.gatehouse.core.tool.ToolConnector;
import dev.gatehouse.core.tool.ToolDescriptor;
import dev.gatehouse.core.tool.ToolPins;
import io.vertx.core.Vertx;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;

/**
 * All upstream MCP servers of a config, the catalog of their tools, and that of their resources,
 * templates and prompts.
 *
 * <p>Each upstream connects in the background and by itself: one that is dead or hangs delays
 * neither the start nor the others. Thread-safe; everything but {@link #close} returns at once.
 */
public final class McpConnectors implements ToolCatalog, AutoCloseable {

  private final Vertx vertx;
  private final InstantSource clock;
  private final RandomGenerator random;
  private final Catalog catalog;
  private final ToolPins pins;
  private final OAuthPorts oauth;
  private final ContextCatalog contexts = new Contexts();
  private final Set<Thread> closing = ConcurrentHashMap.newKeySet();
  private volatile Map<String, Upstream> upstreams = Map.of();
  private boolean closed;

  private McpConnectors(
      Vertx vertx,
      InstantSource clock,
      RandomGenerator random,
      Optional<PinBook> book,
      OAuthPorts oauth) {
    this.oauth = oauth;
    catalog = new Catalog(book);
    pins = new Quarantine(book, catalog);
    this.vertx = vertx;
    this.clock = clock;
    this.random = random;
  }

  /**
   * Starts to connect all enabled servers, of which none needs an operator to authorize it.
   *
   * @see #start(Vertx, InstantSource, RandomGenerator, Optional, OAuthPorts, List)
   */
  public static McpConnectors start(
      Vertx vertx,
      InstantSource clock,
      RandomGenerator random,
      Optional<PinBook> pins,
      List<McpServerConfig> servers) {
    return start(vertx, clock, random, pins, OAuthPorts.inMemory(), servers);
  }

  /**
   * Starts to connect all enabled servers. Call it outside of verticles, so that HTTP connections
   * are shared by them; a call then uses connections of its caller's event loop.
   *
   * @param random thread-safe
   * @param pins the approved definitions of tools; empty when all are taken as they come
   * @param oauth what the OAuth clients of upstreams need
   * @throws IllegalArgumentException when two servers have the same name
   */
  public static McpConnectors start(
      Vertx vertx,
      InstantSource clock,
      RandomGenerator random,
      Optional<PinBook> pins,
      OAuthPorts oauth,
      List<McpServerConfig> servers) {
    McpConnectors connectors = new McpConnectors(vertx, clock, random, pins, oauth);
    Thread.ofVirtual().name("mcp-sweep").start(ProcessTree::sweepOrphans);
    connectors.replace(servers);
    return connectors;
  }

  /**
   * Has exactly these servers from now on. A server of which nothing or only the governance changed
   * keeps its connection; others are drained, ended and started anew, in the background.
   *
   * @throws IllegalArgumentException when two servers have the same name; nothing changes then
   */
  public synchronized void replace(List<McpServerConfig> servers) {
    Map<String, McpServerConfig> wanted = byName(servers);
    if (closed) {
      throw new IllegalStateException("the connectors are closed");
    }
    Map<String, Upstream> kept = new LinkedHashMap<>();
    Map<String, Upstream> old = new LinkedHashMap<>(upstreams);
    wanted.forEach(
        (name, config) -> {
          Upstream running = old.get(name);
          if (running != null && running.config().connectsLike(config)) {
            old.remove(name);
            running.govern(config);
            kept.put(name, running);
          }
        });
    Map<String, Upstream> all = new LinkedHashMap<>();
    Map<String, Upstream> fresh = new LinkedHashMap<>();
    wanted.forEach(
        (name, config) -> {
          Upstream upstream = kept.get(name);
          if (upstream == null) {
            upstream = new Upstream(config, catalog, vertx, clock, random, oauth);
            fresh.put(name, upstream);
          }
          all.put(name, upstream);
        });
    upstreams = all;
    old.forEach((name, upstream) -> retire(upstream, Optional.ofNullable(fresh.remove(name))));
    fresh.values().forEach(Upstream::start);
  }

  /** The connectors in the order of the config, for listings of their health. */
  public List<ToolConnector> connectors() {
    return List.copyOf(upstreams.values());
  }

  /** The OAuth clients of those upstreams that have one, by the upstream's name. */
  public Map<String, UpstreamOAuth> authorizations() {
    Map<String, UpstreamOAuth> all = new LinkedHashMap<>();
    upstreams.forEach((name, upstream) -> upstream.oauth().ifPresent(one -> all.put(name, one)));
    return all;
  }

  /** The client-id metadata document at that path; empty when no upstream's config names one. */
  public Optional<String> clientMetadata(String path) {
    return upstreams.values().stream()
        .flatMap(upstream -> upstream.config().clientMetadata().stream())
        .filter(document -> document.path().equals(path))
        .map(ClientMetadata::json)
        .findFirst();
  }

  /**
   * How many upstreams have not come to the end of their first try to connect, which takes at most
   * their time-out {@code initialize}. What the others list is in the catalog by then.
   */
  public int neverTried() {
    return (int)
        upstreams.values().stream()
            .filter(upstream -> upstream.health().state() == ConnectorHealth.State.STARTING)
            .count();
  }

  /** The tools in quarantine, and the way out of it. */
  public ToolPins pins() {
    return pins;
  }

  /** The catalog of their resources, templates and prompts. */
  public ContextCatalog contexts() {
    return contexts;
  }

  @Override
  public List<ToolDescriptor> tools() {
    return catalog.tools().all();
  }

  @Override
  public Optional<ToolDescriptor> find(String name) {
    return catalog.tools().find(name);
  }

  @Override
  public Optional<ToolConnector> connector(ToolDescriptor tool) {
    boolean listed =
        catalog
            .tools()
            .find(tool.name())
            .filter(
                now ->
                    !now.quarantined()
                        && now.connector().equals(tool.connector())
                        && now.upstreamName().equals(tool.upstreamName()))
            .isPresent();
    return listed ? Optional.ofNullable(upstreams.get(tool.connector())) : Optional.empty();
  }

  @Override
  public Subscription onChange(Runnable listener) {
    catalog.listen(listener);
    return once(() -> catalog.unlisten(listener));
  }

  /** Ends all upstreams at the same time, and returns when connections and processes are gone. */
  @Override
  public void close() {
    synchronized (this) {
      closed = true;
      upstreams.values().forEach(upstream -> retire(upstream, Optional.empty()));
      upstreams = Map.of();
    }
    closing.forEach(McpConnectors::join);
  }

  /** Ends the old one in the background, and then starts its successor. */
  private void retire(Upstream old, Optional<Upstream> successor) {
    Thread thread =
        Thread.ofVirtual()
            .name("mcp-close-" + old.name())
            .unstarted(
                () -> {
                  old.close();
                  successor.ifPresent(Upstream::start);
                  closing.remove(Thread.currentThread());
                });
    closing.add(thread);
    thread.start();
  }

  private static Map<String, McpServerConfig> byName(List<McpServerConfig> servers) {
    Map<String, McpServerConfig> wanted = new LinkedHashMap<>();
    for (McpServerConfig server : servers) {
      if (server.enabled() && wanted.put(server.name(), server) != null) {
        throw new IllegalArgumentException("two MCP servers have the name '" + server.name() + "'");
      }
    }
    return wanted;
  }

  private static Subscription once(Runnable end) {
    AtomicBoolean open = new AtomicBoolean(true);
    return () -> {
      if (open.getAndSet(false)) {
        end.run();
      }
    };
  }

  /** The view of the catalog that shows everything but tools. */
  private final class Contexts implements ContextCatalog {

    @Override
    public List<ContextDescriptor> list(ContextKind kind) {
      return catalog.contexts().list(kind);
    }

    @Override
    public Optional<ContextDescriptor> find(ContextKind kind, String name) {
      return catalog.contexts().find(kind, name);
    }

    @Override
    public Optional<Located> locate(String uri) {
      return catalog.contexts().locate(uri);
    }

    /** A link of two connectors is nobody's, as with lists. */
    @Override
    public Optional<Located> locate(String uri, Principal reader) {
      if (catalog.contexts().isOffered(uri)) {
        return locate(uri);
      }
      List<Located> linked =
          upstreams.values().stream().flatMap(one -> one.linked(uri, reader).stream()).toList();
      return linked.size() == 1 ? Optional.of(linked.getFirst()) : Optional.empty();
    }

    @Override
    public Optional<ToolConnector> connector(ContextDescriptor source) {
      boolean listed =
          find(source.kind(), source.name())
              .filter(
                  now ->
                      now.connector().equals(source.connector())
                          && now.upstreamName().equals(source.upstreamName()))
              .isPresent();
      Upstream upstream = upstreams.get(source.connector());
      return upstream != null && (listed || upstream.linked(source))
          ? Optional.of(upstream)
          : Optional.empty();
    }

    @Override
    public Subscription onChange(Consumer<ContextKind> listener) {
      catalog.listenContexts(listener);
      return once(() -> catalog.unlistenContexts(listener));
    }
  }

  private static void join(Thread thread) {
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
