package dev.gatehouse.connectors.upstream;

import dev.gatehouse.connectors.config.McpServerConfig;
import dev.gatehouse.connectors.rpc.RpcReply;
import dev.gatehouse.connectors.rpc.RpcSession;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Who watches which resources of one upstream. However many watch a resource, the upstream gets one
 * subscription; it ends with the last of them, and is made again in each new session. Requests
 * about the same resource never overtake each other. Thread-safe; never blocks.
 */
final class Subscriptions {

  private static final Logger LOG = LoggerFactory.getLogger(Subscriptions.class);

  /** One watcher. */
  static final class Watch {
    private final Runnable updated;

    Watch(Runnable updated) {
      this.updated = updated;
    }
  }

  /** A resource that is watched. */
  private static final class Topic {
    private final String uri;
    private final Set<Watch> watches = new LinkedHashSet<>();
    private boolean wanted;
    private CompletionStage<RpcReply> subscribed;
    private CompletionStage<?> last;

    Topic(String uri) {
      this.uri = uri;
      this.subscribed = CompletableFuture.completedStage(DOWN);
      this.last = subscribed;
    }
  }

  private static final RpcReply DOWN =
      new RpcReply.NotSent("connector_down", "the connection is down");

  private final String upstream;
  private final int topicsMax;
  private final Duration timeout;
  private final Map<String, Topic> topics = new HashMap<>();
  private @Nullable RpcSession session;

  Subscriptions(McpServerConfig config) {
    this.upstream = config.name();
    this.topicsMax = config.limits().subscriptionsMax();
    this.timeout = config.timeouts().call();
  }

  /**
   * Has the watch hear of that resource; the reply, which comes within its patience, is the
   * upstream's to the subscription.
   */
  synchronized CompletionStage<RpcReply> add(String uri, Watch watch, Duration patience) {
    Topic topic = topics.get(uri);
    if (topic == null) {
      if (topics.size() >= topicsMax) {
        return CompletableFuture.completedStage(
            new RpcReply.NotSent(
                "connector_busy",
                topicsMax + " resources are subscribed to already (subscriptionsMax)"));
      }
      topic = new Topic(uri);
      topics.put(uri, topic);
    }
    topic.watches.add(watch);
    if (!topic.wanted || failed(topic)) {
      subscribe(topic);
    }
    return topic
        .subscribed
        .toCompletableFuture()
        .copy()
        .completeOnTimeout(
            new RpcReply.Lost("the subscription was not answered in time"),
            Math.max(1, patience.toMillis()),
            TimeUnit.MILLISECONDS);
  }

  /** The watch hears no more; the last one of a resource ends the upstream's subscription. */
  synchronized void remove(String uri, Watch watch) {
    Topic topic = topics.get(uri);
    if (topic == null || !topic.watches.remove(watch) || !topic.watches.isEmpty()) {
      return;
    }
    topic.wanted = false;
    RpcSession now = session;
    CompletionStage<RpcReply> subscribed = topic.subscribed;
    topic.last =
        topic.last.thenCompose(
            _ ->
                now != null && result(subscribed) instanceof RpcReply.Result
                    ? now.dialect().unwatch(now, uri, timeout)
                    : CompletableFuture.completedStage(DOWN));
    topic.last.whenComplete((_, _) -> forget(topic));
  }

  /** A new session: everything is subscribed to again. */
  synchronized void resume(RpcSession fresh) {
    session = fresh;
    topics.values().stream().filter(topic -> topic.wanted).forEach(this::subscribe);
  }

  /** The upstream says that this resource changed, or one below it. */
  void updated(String uri) {
    tell(topic -> uri.equals(topic) || uri.startsWith(topic.endsWith("/") ? topic : topic + "/"));
  }

  /** Any resource may have changed unheard. */
  void missed() {
    tell(_ -> true);
  }

  /** How many resources are watched. */
  synchronized int size() {
    return topics.size();
  }

  private void subscribe(Topic topic) {
    topic.wanted = true;
    RpcSession now = session;
    topic.subscribed =
        now == null
            ? CompletableFuture.completedStage(DOWN)
            : topic.last.thenCompose(_ -> now.dialect().watch(now, topic.uri, timeout));
    topic.last = topic.subscribed;
  }

  private synchronized void forget(Topic topic) {
    if (!topic.wanted && topic.watches.isEmpty()) {
      topics.remove(topic.uri, topic);
    }
  }

  private void tell(Predicate<String> about) {
    List<Watch> told = new ArrayList<>();
    synchronized (this) {
      for (Topic topic : topics.values()) {
        if (about.test(topic.uri)) {
          told.addAll(topic.watches);
        }
      }
    }
    for (Watch watch : told) {
      try {
        watch.updated.run();
      } catch (RuntimeException e) {
        LOG.warn("mcp {}: a watcher of a resource failed", upstream, e);
      }
    }
  }

  private static boolean failed(Topic topic) {
    RpcReply reply = result(topic.subscribed);
    return reply != null && !(reply instanceof RpcReply.Result);
  }

  /** The reply, once it is there. */
  private static @Nullable RpcReply result(CompletionStage<RpcReply> stage) {
    return stage.toCompletableFuture().getNow(null);
  }
}
