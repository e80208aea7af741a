package dev.gatehouse.fleet;

import io.lettuce.core.ClientOptions;
import io.lettuce.core.ClientOptions.DisconnectedBehavior;
import io.lettuce.core.RedisChannelHandler;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisConnectionStateListener;
import io.lettuce.core.RedisNoScriptException;
import io.lettuce.core.RedisURI;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.SocketOptions;
import io.lettuce.core.TimeoutOptions;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.async.RedisAsyncCommands;
import io.lettuce.core.codec.StringCodec;
import io.lettuce.core.pubsub.RedisPubSubAdapter;
import io.lettuce.core.pubsub.StatefulRedisPubSubConnection;
import io.lettuce.core.resource.ClientResources;
import io.lettuce.core.resource.DefaultClientResources;
import io.lettuce.core.resource.Delay;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The way to Redis by Lettuce, whose defaults are for other uses: commands are refused while it is
 * not connected, its queue is bounded, and a script that Redis has forgotten is sent whole.
 */
final class LettuceLink implements RedisLink {

  private static final int THREADS = 2;
  private static final Duration RECONNECT_LEAST = Duration.ofMillis(50);

  private final ClientResources resources;
  private final RedisClient client;
  private final RedisURI uri;
  private final Set<RedisChannelHandler<?, ?>> connected = ConcurrentHashMap.newKeySet();
  private @Nullable CompletableFuture<Void> opening;
  private volatile @Nullable StatefulRedisConnection<String, String> commands;
  private volatile @Nullable StatefulRedisPubSubConnection<String, String> news;

  LettuceLink(FleetConfig config) {
    resources =
        DefaultClientResources.builder()
            .ioThreadPoolSize(THREADS)
            .computationThreadPoolSize(THREADS)
            .reconnectDelay(
                () ->
                    Delay.exponential(RECONNECT_LEAST, config.retryMax(), 2, TimeUnit.MILLISECONDS))
            .build();
    uri = uri(config);
    client = RedisClient.create(resources, uri);
    client.setOptions(
        ClientOptions.builder()
            .autoReconnect(true)
            .disconnectedBehavior(DisconnectedBehavior.REJECT_COMMANDS)
            .requestQueueSize(config.queueMax())
            .pingBeforeActivateConnection(true)
            .timeoutOptions(TimeoutOptions.enabled(config.commandTimeout()))
            .socketOptions(
                SocketOptions.builder()
                    .connectTimeout(config.connectTimeout())
                    .keepAlive(true)
                    .build())
            .build());
  }

  private static RedisURI uri(FleetConfig config) {
    RedisURI.Builder uri =
        RedisURI.builder(RedisURI.create(config.redis())).withTimeout(config.connectTimeout());
    char[] password = config.password().orElse("").toCharArray();
    if (config.username().isPresent()) {
      uri.withAuthentication(config.username().get(), password);
    } else if (password.length > 0) {
      uri.withPassword(password);
    }
    return uri.build();
  }

  @Override
  public synchronized CompletionStage<Void> open(String channel, Events events) {
    if (commands != null && news != null) {
      return up()
          ? CompletableFuture.completedFuture(null)
          : CompletableFuture.failedFuture(new IllegalStateException("not connected"));
    }
    if (opening != null && !opening.isDone()) {
      return opening;
    }
    if (opening == null) {
      client.addListener(new Watch(events));
    }
    opening = openCommands().thenCompose(_ -> openNews(channel, events)).toCompletableFuture();
    return opening;
  }

  private CompletionStage<Void> openCommands() {
    return commands != null
        ? CompletableFuture.completedFuture(null)
        : client.connectAsync(StringCodec.UTF8, uri).thenAccept(made -> commands = made);
  }

  private CompletionStage<Void> openNews(String channel, Events events) {
    return client
        .connectPubSubAsync(StringCodec.UTF8, uri)
        .thenCompose(
            made -> {
              made.addListener(
                  new RedisPubSubAdapter<>() {
                    @Override
                    public void message(String on, String text) {
                      events.message(text);
                    }
                  });
              return made.async()
                  .subscribe(channel)
                  .whenComplete(
                      (_, failure) -> {
                        if (failure == null) {
                          news = made;
                        } else {
                          var _ = made.closeAsync();
                        }
                      });
            });
  }

  private boolean up() {
    StatefulRedisConnection<String, String> first = commands;
    StatefulRedisPubSubConnection<String, String> second = news;
    return first != null
        && second != null
        && connected.contains((RedisChannelHandler<?, ?>) first)
        && connected.contains((RedisChannelHandler<?, ?>) second);
  }

  @Override
  public CompletionStage<List<Object>> run(
      String script, List<String> keys, List<String> arguments) {
    StatefulRedisConnection<String, String> open = commands;
    if (open == null || !up()) {
      return CompletableFuture.failedFuture(new IllegalStateException("not connected"));
    }
    RedisAsyncCommands<String, String> redis = open.async();
    String[] names = keys.toArray(String[]::new);
    String[] values = arguments.toArray(String[]::new);
    CompletionStage<List<Object>> known =
        redis.evalsha(redis.digest(script), ScriptOutputType.MULTI, names, values);
    return known.exceptionallyCompose(
        failure -> {
          Throwable cause =
              failure instanceof CompletionException && failure.getCause() != null
                  ? failure.getCause()
                  : failure;
          return cause instanceof RedisNoScriptException
              ? redis.eval(script, ScriptOutputType.MULTI, names, values)
              : CompletableFuture.failedFuture(cause);
        });
  }

  @Override
  public void close() {
    client.shutdown(0, 2, TimeUnit.SECONDS);
    resources.shutdown(0, 2, TimeUnit.SECONDS).awaitUninterruptibly(2, TimeUnit.SECONDS);
  }

  private final class Watch implements RedisConnectionStateListener {

    private final Events events;

    Watch(Events events) {
      this.events = events;
    }

    @Override
    public void onRedisConnected(RedisChannelHandler<?, ?> connection, SocketAddress address) {
      connected.add(connection);
    }

    @Override
    public void onRedisDisconnected(RedisChannelHandler<?, ?> connection) {
      if (connected.remove(connection)) {
        events.lost("the connection was lost");
      }
    }
  }
}
