package dev.gatehouse.llm;

import dev.gatehouse.llm.config.LlmLimits;
import dev.gatehouse.llm.config.ProviderConfig;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.net.PemTrustOptions;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * The connections of one event loop to its providers: a pool per address, HTTP/1.1 with keep-alive.
 * Redirects are not followed, so that a provider cannot send the gateway anywhere. Not thread-safe.
 */
final class Upstreams {

  /** How long calls on a retired address may go on. */
  private static final long RETIREMENT_SECONDS = 600;

  private static final int KEEP_ALIVE_SECONDS = 30;

  private final Vertx vertx;
  private final Map<Address, HttpClient> clients = new HashMap<>();

  private record Address(
      URI baseUrl, Optional<Path> authorities, long connectMs, int connections, int queue) {}

  Upstreams(Vertx vertx) {
    this.vertx = vertx;
  }

  HttpClient of(ProviderConfig provider, LlmLimits limits) {
    return clients.computeIfAbsent(address(provider, limits), at -> open(provider, at));
  }

  private static Address address(ProviderConfig provider, LlmLimits limits) {
    return new Address(
        provider.baseUrl(),
        provider.caCertificates(),
        limits.connectTimeout().toMillis(),
        limits.connectionsMax(),
        limits.connectionQueueMax());
  }

  private HttpClient open(ProviderConfig provider, Address address) {
    HttpClientOptions options =
        new HttpClientOptions()
            .setDefaultHost(provider.baseUrl().getHost())
            .setDefaultPort(provider.port())
            .setSsl(provider.tls())
            .setVerifyHost(provider.tls())
            .setProtocolVersion(HttpVersion.HTTP_1_1)
            .setKeepAlive(true)
            .setKeepAliveTimeout(KEEP_ALIVE_SECONDS)
            .setPipelining(false)
            .setDecompressionSupported(false)
            .setTcpNoDelay(true)
            .setConnectTimeout((int) address.connectMs);
    address.authorities.ifPresent(
        pem -> options.setTrustOptions(new PemTrustOptions().addCertPath(pem.toString())));
    PoolOptions pool =
        new PoolOptions().setHttp1MaxSize(address.connections).setMaxWaitQueueSize(address.queue);
    return vertx.createHttpClient(options, pool);
  }

  /** Lets go of the addresses that no provider of these names any more. */
  void retain(List<ProviderConfig> providers, LlmLimits limits) {
    List<Address> alive = providers.stream().map(provider -> address(provider, limits)).toList();
    Iterator<Map.Entry<Address, HttpClient>> all = clients.entrySet().iterator();
    while (all.hasNext()) {
      Map.Entry<Address, HttpClient> entry = all.next();
      if (!alive.contains(entry.getKey())) {
        all.remove();
        entry.getValue().shutdown(RETIREMENT_SECONDS, TimeUnit.SECONDS);
      }
    }
  }

  Future<Void> close() {
    List<Future<Void>> closing = new ArrayList<>();
    clients.values().forEach(client -> closing.add(client.shutdown(5, TimeUnit.SECONDS)));
    clients.clear();
    return Future.join(closing).mapEmpty();
  }
}
