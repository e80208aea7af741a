package dev.gatehouse.registry.token;

import java.io.IOException;
import java.net.URI;
import java.text.ParseException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The keys of an issuer outside, fetched in the background. The last good set serves until it is
 * too old, whatever happens to its issuer; at most one fetch runs at a time.
 */
final class RemoteKeys implements KeySource {

  private static final Logger LOG = LoggerFactory.getLogger(RemoteKeys.class);
  private static final Duration RETRY_FIRST = Duration.ofSeconds(1);
  private static final Duration RETRY_MAX = Duration.ofMinutes(1);

  private final IssuerConfig config;
  private final TokenLimits limits;
  private final DocumentFetcher fetcher;
  private final Clock clock;

  private volatile @Nullable Held held;
  private @Nullable CompletableFuture<Void> underWay;
  private Instant earliest = Instant.MIN;
  private Instant due = Instant.MIN;
  private Duration retry = RETRY_FIRST;
  private boolean failing;

  RemoteKeys(IssuerConfig config, TokenLimits limits, DocumentFetcher fetcher, Clock clock) {
    this.config = config;
    this.limits = limits;
    this.fetcher = fetcher;
    this.clock = clock;
  }

  private record Held(VerificationKeys keys, Instant fetchedAt) {}

  @Override
  public Optional<VerificationKeys> keys(Instant now) {
    Held current = held;
    return current == null || now.isAfter(current.fetchedAt().plus(limits.keysMaxAge()))
        ? Optional.empty()
        : Optional.of(current.keys());
  }

  @Override
  public synchronized Optional<CompletionStage<Void>> refresh(Instant now) {
    if (underWay == null && !now.isBefore(earliest)) {
      start(now);
    }
    return Optional.ofNullable(underWay);
  }

  /** Fetches when it is time; called now and then. */
  synchronized void tick(Instant now) {
    if (underWay == null && !now.isBefore(due)) {
      start(now);
    }
  }

  private void start(Instant now) {
    CompletableFuture<Void> fetch = new CompletableFuture<>();
    underWay = fetch;
    earliest = now.plus(limits.keysRefreshMin());
    Thread.ofVirtual().name("issuer-keys").start(() -> fetch(fetch));
  }

  private void fetch(CompletableFuture<Void> fetch) {
    try {
      URI address = new KeysAddress(fetcher).of(config, limits.keysTimeout());
      succeeded(VerificationKeys.parse(fetcher.get(address, limits.keysTimeout())));
    } catch (IOException | ParseException | RuntimeException e) {
      failed(e);
    } finally {
      fetch.complete(null);
    }
  }

  private synchronized void succeeded(VerificationKeys keys) {
    Instant now = clock.instant();
    held = new Held(keys, now);
    due = now.plus(limits.keysRefresh());
    retry = RETRY_FIRST;
    underWay = null;
    if (failing) {
      LOG.info("the keys of issuer {} are there again", config.issuer());
    }
    failing = false;
  }

  private synchronized void failed(Exception cause) {
    due = clock.instant().plus(retry);
    retry = retry.multipliedBy(2).compareTo(RETRY_MAX) < 0 ? retry.multipliedBy(2) : RETRY_MAX;
    underWay = null;
    if (!failing) {
      LOG.warn("the keys of issuer {} cannot be fetched: {}", config.issuer(), cause.toString());
    }
    failing = true;
  }
}
