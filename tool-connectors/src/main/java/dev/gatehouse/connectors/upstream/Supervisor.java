package dev.gatehouse.connectors.upstream;

import dev.gatehouse.connectors.config.McpServerConfig;
import dev.gatehouse.connectors.config.UpstreamTimeouts;
import dev.gatehouse.connectors.negotiation.Negotiation;
import dev.gatehouse.connectors.offer.ListKind;
import dev.gatehouse.connectors.offer.ListingNotes;
import dev.gatehouse.connectors.offer.Offer;
import dev.gatehouse.connectors.offer.UpstreamEntry;
import dev.gatehouse.connectors.rpc.Requests;
import dev.gatehouse.connectors.rpc.RpcReply;
import dev.gatehouse.connectors.rpc.RpcRequest;
import dev.gatehouse.connectors.rpc.RpcSession;
import dev.gatehouse.connectors.rpc.ServerNews;
import dev.gatehouse.connectors.rpc.UpstreamException;
import dev.gatehouse.connectors.rpc.Welcome;
import dev.gatehouse.connectors.waits.Blocking;
import dev.gatehouse.connectors.waits.Budget;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps one upstream connected and what it offers listed, on a virtual thread of its own. It is up
 * when handshake and lists are complete, and down while it is reconnected, with a back-off.
 */
final class Supervisor {

  private static final Logger LOG = LoggerFactory.getLogger(Supervisor.class);

  /** What several changes of the list within this time are taken for: one. */
  private static final Duration DEBOUNCE = Duration.ofMillis(100);

  /** How long to wait for a server to agree that it tells of changes. */
  private static final Duration CONSENT = Duration.ofSeconds(1);

  /** A session that held this long ends the doubling of pauses. */
  private static final Duration STABLE = Duration.ofSeconds(30);

  private final Sessions sessions;
  private final Presence presence;
  private final Subscriptions subscriptions;
  private final Vertx vertx;
  private final Backoff backoff;
  private final Freshness freshness;
  private final Negotiation negotiation;
  private final Map<ListKind, ListingNotes> notes = new EnumMap<>(ListKind.class);
  private final Signals signals = new Signals();
  private final List<Thread> draining = new CopyOnWriteArrayList<>();
  private final CompletableFuture<Void> over = new CompletableFuture<>();

  private volatile @Nullable RpcSession opening;

  /** What the upstream declared in its latest session. */
  private volatile Map<String, Object> capabilities = Map.of();

  /** Whether the latest session came up. Of the supervisor's thread only. */
  private boolean served;

  Supervisor(
      McpServerConfig config,
      Sessions sessions,
      Presence presence,
      Subscriptions subscriptions,
      Vertx vertx,
      RandomGenerator random) {
    this.sessions = sessions;
    this.presence = presence;
    this.subscriptions = subscriptions;
    this.vertx = vertx;
    this.backoff = new Backoff(config.timeouts(), random);
    this.freshness = new Freshness(System::nanoTime, random);
    this.negotiation = new Negotiation(config, vertx, presence::session);
  }

  /** Begins to connect, in the background. */
  void start() {
    Thread.ofVirtual().name("mcp-" + config().name()).start(this::run);
  }

  /** What the upstream declared in its latest session. */
  Map<String, Object> capabilities() {
    return capabilities;
  }

  /**
   * Takes what it offers out of the catalog, lets running calls end, and ends the upstream. Blocks.
   */
  void close() {
    presence.close();
    signals.close();
    giveUpOwn(Optional.ofNullable(opening));
    giveUpOwn(presence.session());
    over.join();
  }

  private void run() {
    try {
      while (!signals.closed()) {
        long began = System.nanoTime();
        served = false;
        String why = connectAndServe();
        if (!served) {
          presence.giveUpUpcoming(why);
        }
        if (System.nanoTime() - began > STABLE.toNanos()) {
          backoff.reset();
        }
        if (!signals.closed() && !negotiation.takeDiedOfAsking()) {
          away(why);
          signals.pause(backoff.next());
        }
      }
      draining.forEach(Supervisor::join);
      sessions.close();
    } finally {
      presence.giveUpUpcoming("closed");
      over.complete(null);
    }
  }

  /** Connects, serves, and returns why that ended. */
  private String connectAndServe() {
    RpcSession session = null;
    try {
      session = sessions.open(new News());
      opening = session;
      if (signals.closed()) {
        return "closed";
      }
      session.start();
      var _ = session.ended().thenRun(signals::wake);
      Budget budget = Budget.of(config().timeouts().initialize());
      Welcome welcome = negotiation.open(session, budget);
      Set<ListKind> kinds = asked(welcome);
      freshness.clear();
      capabilities = welcome.capabilities();
      listen(session, kinds, welcome);
      Offer listed = Offer.NONE.with(read(session, kinds, budget));
      subscriptions.resume(session); // first: who subscribes from now on does so in this session
      served = presence.up(session, welcome, listed);
      subscriptions.missed();
      return serve(session, kinds);
    } catch (UpstreamException e) {
      return e.reason();
    } catch (RuntimeException e) {
      LOG.warn("mcp {}: unexpected failure", config().name(), e);
      return "unexpected " + e.getClass().getSimpleName();
    } finally {
      opening = null;
      presence.sessionOver(served && session != null && session.isExpired());
      if (session != null) {
        end(session);
      }
    }
  }

  /** Lists are read when the server already tells of changes, so that none falls in between. */
  private static void listen(RpcSession session, Set<ListKind> kinds, Welcome welcome) {
    CompletionStage<?> told = session.dialect().listen(session, kinds, welcome.capabilities());
    if (!Blocking.await(told, CONSENT)) {
      told.thenRun(session::gap);
    }
  }

  private String serve(RpcSession session, Set<ListKind> kinds) throws UpstreamException {
    UpstreamTimeouts timeouts = config().timeouts();
    long quietSince = System.nanoTime();
    while (true) {
      signals.await(freshness.untilDue(timeouts.pingEvery()));
      Optional<String> ended = signals.closed() ? Optional.of("closed") : session.endedWhy();
      if (ended.isPresent()) {
        return ended.get();
      }
      Set<ListKind> changed = signals.takeChanged();
      changed.addAll(freshness.due());
      if (!changed.isEmpty()) {
        signals.pause(DEBOUNCE);
        changed.addAll(signals.takeChanged());
        changed.retainAll(kinds);
        presence.relist(read(session, changed, Budget.of(timeouts.initialize())));
        quietSince = System.nanoTime();
      } else if (System.nanoTime() - quietSince >= timeouts.pingEvery().toNanos()) {
        ping(session);
        quietSince = System.nanoTime();
      }
    }
  }

  private Map<ListKind, List<UpstreamEntry>> read(
      RpcSession session, Set<ListKind> kinds, Budget budget) throws UpstreamException {
    Map<ListKind, List<UpstreamEntry>> lists = new EnumMap<>(ListKind.class);
    for (ListKind kind : kinds) {
      ListingNotes told = notes.computeIfAbsent(kind, _ -> new ListingNotes(config().name()));
      Listing.Listed read = Listing.read(session, config(), kind, budget, told);
      boolean changed = !read.entries().equals(presence.offered(kind));
      freshness.read(kind, kind.announced(capabilities) ? Optional.empty() : read.ttl(), changed);
      lists.put(kind, read.entries());
    }
    return lists;
  }

  private static Set<ListKind> asked(Welcome welcome) {
    Set<ListKind> kinds = EnumSet.allOf(ListKind.class);
    kinds.removeIf(kind -> !kind.asked(welcome.capabilities()));
    return kinds;
  }

  /** An idle upstream must answer one of two pings; a busy one may be too busy to. */
  private void ping(RpcSession session) throws UpstreamException {
    RpcRequest ping =
        RpcRequest.of(session.dialect().pingMethod(), Map.of(), config().timeouts().ping());
    if (session.idle()
        && Requests.reply(session, ping) instanceof RpcReply.Lost
        && session.idle()
        && Requests.reply(session, ping) instanceof RpcReply.Lost lost) {
      throw new UpstreamException("ping: " + lost.why());
    }
  }

  private void away(String why) {
    if (presence.down(why)) {
      long absenceMillis = Math.max(1, config().timeouts().absence().toMillis());
      vertx.setTimer(absenceMillis, _ -> Thread.ofVirtual().start(presence::unlistIfAway));
    }
  }

  /** Ends a session: at once when nothing runs on it, else in the background while others begin. */
  private void end(RpcSession session) {
    Duration drain = config().timeouts().drain();
    if (session.idle() || signals.closed() || session.dead()) {
      session.close(drain, "the connection to '" + config().name() + "' was closed");
      return;
    }
    Thread thread =
        Thread.ofVirtual()
            .unstarted(
                () -> {
                  session.close(drain, "the connection to '" + config().name() + "' was closed");
                  draining.remove(Thread.currentThread());
                });
    draining.add(thread);
    thread.start();
  }

  private static void giveUpOwn(Optional<RpcSession> session) {
    session.ifPresent(one -> one.giveUpOwn("the gateway closes the connection"));
  }

  private McpServerConfig config() {
    return presence.config();
  }

  /** What sessions say that concerns no single request. */
  private final class News implements ServerNews {
    @Override
    public void listsChanged(Set<ListKind> kinds) {
      signals.listsChanged(kinds);
    }

    @Override
    public void resourceUpdated(String uri) {
      subscriptions.updated(uri);
    }

    @Override
    public void missed() {
      signals.listsChanged(EnumSet.allOf(ListKind.class));
      subscriptions.missed();
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
