package dev.gatehouse.registry.token;

import dev.gatehouse.core.once.UsedOnce;
import dev.gatehouse.core.registry.Authentication;
import dev.gatehouse.core.registry.Authentication.Unauthenticated;
import dev.gatehouse.core.registry.Challenge;
import java.io.IOException;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tokens in a running gateway: those of its issuers are checked, and its own issued. What is
 * configured is replaced as a whole; issuers that stay the same keep their keys. Thread-safe.
 */
public final class TokenService implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(TokenService.class);
  private static final long TICK_MS = 1000;

  private final AgentDirectory directory;
  private final Clock clock;
  private final ScheduledExecutorService ticker;
  private final DocumentFetcher fetcher = new DocumentFetcher();
  private final UsedOnce used = new UsedOnce(); // a reload must not forget them
  private volatile @Nullable State state;

  private TokenService(AgentDirectory directory, Clock clock) {
    this.directory = directory;
    this.clock = clock;
    ticker =
        Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().name("token-keys").daemon().factory());
  }

  /** What is made of a config. */
  private record State(
      AuthConfig config,
      LiveTokens tokens,
      Map<IssuerConfig, RemoteKeys> remote,
      Optional<OwnKeys> own,
      Optional<TokenIssuer> issuer,
      Map<String, String> documents) {}

  /**
   * Makes the service and begins to fetch keys.
   *
   * @param config empty for static keys only
   * @throws IOException when the own signing keys cannot be read or made
   */
  public static TokenService start(
      AgentDirectory directory, Clock clock, Optional<AuthConfig> config) throws IOException {
    TokenService service = new TokenService(directory, clock);
    service.replace(config);
    var _ =
        service.ticker.scheduleWithFixedDelay(
            service::tick, TICK_MS, TICK_MS, TimeUnit.MILLISECONDS);
    return service;
  }

  /**
   * Puts a config in force. Blocks while it reads the own signing keys.
   *
   * @throws IOException when they cannot be read or made; the old config then stays
   */
  public synchronized void replace(Optional<AuthConfig> config) throws IOException {
    State next = config.isEmpty() ? null : state(config.get(), state);
    state = next;
    tick();
  }

  private State state(AuthConfig config, @Nullable State before) throws IOException {
    Map<IssuerConfig, RemoteKeys> remote = new HashMap<>();
    List<AcceptedIssuer> accepted = new ArrayList<>();
    for (IssuerConfig issuer : config.issuers()) {
      RemoteKeys keys = kept(issuer, config.limits(), before);
      remote.put(issuer, keys);
      accepted.add(AcceptedIssuer.outside(issuer, keys));
    }
    Optional<OwnKeys> own = Optional.empty();
    Optional<TokenIssuer> issuer = Optional.empty();
    if (config.own().isPresent()) {
      OwnKeys keys = new OwnKeys(config.own().get().keyFile());
      own = Optional.of(keys);
      issuer =
          Optional.of(new TokenIssuer(config.own().get(), config, keys, directory, used, clock));
      accepted.add(AcceptedIssuer.own(config.own().get(), keys, config.resource().toString()));
    }
    return new State(
        config,
        new LiveTokens(config, accepted, directory, clock),
        remote,
        own,
        issuer,
        Documents.of(config));
  }

  private RemoteKeys kept(IssuerConfig issuer, TokenLimits limits, @Nullable State before) {
    RemoteKeys keys =
        before != null && before.config().limits().equals(limits)
            ? before.remote().get(issuer)
            : null;
    return keys == null ? new RemoteKeys(issuer, limits, fetcher, clock) : keys;
  }

  /** Whether tokens are taken at all. */
  public boolean isOn() {
    return state != null;
  }

  /** Whether a static key is taken as it is. */
  public boolean keysAccepted() {
    State current = state;
    return current == null || current.config().keysAccepted();
  }

  /** What a client without a good credential is told. */
  public Challenge challenge() {
    State current = state;
    return current == null ? Challenge.KEYS : current.tokens().challenge();
  }

  /** Checks a token. Never blocks. */
  public Authentication authenticate(String token) {
    State current = state;
    return current == null
        ? new Unauthenticated("this gateway takes no tokens")
        : current.tokens().authenticate(token);
  }

  /**
   * What a request with that token should wait for before it is checked: keys that are being
   * fetched. Completes within the limit for it. Never blocks.
   */
  public Optional<CompletionStage<Void>> awaited(String token) {
    State current = state;
    return current == null ? Optional.empty() : current.tokens().awaited(token);
  }

  /** The public document at that path; empty when there is none. */
  public Optional<String> document(String path) {
    State current = state;
    if (current == null) {
      return Optional.empty();
    }
    return path.equals(Documents.KEYS)
        ? current.own().map(keys -> keys.current().published())
        : Optional.ofNullable(current.documents().get(path));
  }

  /** Whether the gateway issues tokens. */
  public boolean issues() {
    State current = state;
    return current != null && current.issuer().isPresent();
  }

  /**
   * Counts a token request before its body is read; the answer when too many come from its address.
   *
   * @param address where it comes from
   */
  public Optional<TokenReply> crowded(String address) {
    State current = state;
    return current == null
        ? Optional.empty()
        : current.issuer().flatMap(issuer -> issuer.crowded(address));
  }

  /**
   * Answers a token request. Never blocks.
   *
   * @param authorization the {@code Authorization} header
   * @param form the body, at most 16 KiB
   */
  public TokenReply token(@Nullable String authorization, String form) {
    State current = state;
    return current == null || current.issuer().isEmpty()
        ? TokenReply.error(400, "invalid_request", "this gateway issues no tokens")
        : current.issuer().get().token(authorization, form);
  }

  private void tick() {
    State current = state;
    if (current != null) {
      try {
        Instant now = clock.instant();
        current.remote().values().forEach(keys -> keys.tick(now));
        current.own().ifPresent(OwnKeys::tick);
      } catch (RuntimeException e) {
        LOG.error("looking after token keys failed", e);
      }
    }
  }

  @Override
  public void close() {
    ticker.shutdownNow();
    fetcher.close();
  }
}
