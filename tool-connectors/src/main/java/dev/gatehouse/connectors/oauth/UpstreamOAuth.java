package dev.gatehouse.connectors.oauth;

import dev.gatehouse.connectors.oauth.UpstreamAuth.AuthorizationCode;
import dev.gatehouse.connectors.oauth.UpstreamAuth.TokenExchange;
import dev.gatehouse.core.registry.AgentId;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The OAuth client of one upstream. Thread-safe. */
public final class UpstreamOAuth implements UpstreamAuthorizer, AutoCloseable {

  /** Agents whose tokens are held; those of the one that called longest ago go first. */
  static final int AGENTS_MAX = 1_000;

  private static final Logger LOG = LoggerFactory.getLogger(UpstreamOAuth.class);
  private static final Duration ANSWER_TIMEOUT = Duration.ofSeconds(10);

  private final String upstream;
  private final URI url;
  private final UpstreamAuth config;
  private final InstantSource clock;
  private final OAuthPorts ports;
  private final OAuthHttp http;
  private final DpopKey dpop;
  private final Registrations registrations;
  private final Renewals renewals;
  private final TokenSlot own;
  private final Map<AgentId, TokenSlot> agents;
  private volatile @Nullable Challenge challenge;
  private volatile Optional<String> resourceNonce = Optional.empty();

  private UpstreamOAuth(
      Vertx vertx, InstantSource clock, Where where, UpstreamAuth config, OAuthPorts ports) {
    this.upstream = where.name();
    this.url = where.url();
    this.config = config;
    this.clock = clock;
    this.ports = ports;
    Secrets secrets = new Secrets(ports.random());
    Optional<KeptState> kept = kept(secrets);
    http = new OAuthHttp(vertx, new Reach(configured(), where.resolver()), ANSWER_TIMEOUT);
    dpop = kept.map(KeptState::dpop).orElseGet(() -> DpopKey.generate(secrets));
    TokenEndpoint endpoint = new TokenEndpoint(http, clock, secrets, dpop);
    registrations = new Registrations(codeConfig(), http);
    renewals =
        new Renewals(
            upstream,
            config,
            new Discovery(url, config.issuer(), http),
            registrations,
            new AuthorizationCodeGrant(upstream, registrations, endpoint, secrets),
            new MachineGrant(config, endpoint, new Assertions(clock, secrets)));
    own = new TokenSlot(upstream, clock);
    agents = Collections.synchronizedMap(new Recent());
    kept.ifPresent(this::restore);
  }

  /**
   * Makes the OAuth client of an upstream, with what an operator authorized before. May block.
   *
   * @param upstream its name
   * @param url its endpoint
   */
  public static UpstreamOAuth of(
      Vertx vertx,
      InstantSource clock,
      String upstream,
      URI url,
      UpstreamAuth config,
      OAuthPorts ports) {
    Where where = new Where(upstream, url, HostResolver.SYSTEM);
    return new UpstreamOAuth(vertx, clock, where, config, ports);
  }

  /** The same, with hosts found by that resolver. */
  static UpstreamOAuth of(
      Vertx vertx, InstantSource clock, Where where, UpstreamAuth config, OAuthPorts ports) {
    return new UpstreamOAuth(vertx, clock, where, config, ports);
  }

  /** An upstream, and how its host is found. */
  record Where(String name, URI url, HostResolver resolver) {}

  @Override
  public RequestAuthorization request(String httpMethod, Optional<AgentId> agent) {
    Optional<AgentId> subject = perAgent() ? agent : Optional.empty();
    return new OAuthRequest(this, httpMethod, subject, slot(subject));
  }

  /**
   * Has an operator authorize the upstream, whatever tokens there are.
   *
   * @return completes with why that failed, or empty; never fails
   * @throws IllegalStateException when no operator authorizes upstreams of this kind
   */
  public CompletionStage<Optional<String>> authorize(AuthorizationPrompt prompt) {
    if (!byOperator()) {
      throw new IllegalStateException(
          "'" + upstream + "' is authorized by its config, not by an operator");
    }
    return own.renewAnyway(
            () -> renewed(false, own.tokens(), Optional.empty(), Optional.of(prompt)))
        .thenApply(
            outcome ->
                switch (outcome) {
                  case TokenSlot.Outcome.Renewed _ -> Optional.empty();
                  case TokenSlot.Outcome.Failed(String why) -> Optional.of(why);
                });
  }

  /** Whether an operator authorizes it, rather than the config alone. */
  public boolean byOperator() {
    return config instanceof AuthorizationCode;
  }

  /** Whether it has tokens for the gateway itself. */
  public boolean authorized() {
    return own.tokens().isPresent();
  }

  @Override
  public void close() {
    http.close();
  }

  URI url() {
    return url;
  }

  DpopKey dpop() {
    return dpop;
  }

  InstantSource clock() {
    return clock;
  }

  Optional<String> resourceNonce() {
    return resourceNonce;
  }

  void resourceNonce(String nonce) {
    resourceNonce = Optional.of(nonce);
  }

  void challenged(Challenge said) {
    challenge = said;
  }

  /** Whether new tokens can be had before the upstream asks for them. */
  boolean foresees(Optional<Tokens> old) {
    return challenge != null
        && (!(config instanceof AuthorizationCode) || old.flatMap(Tokens::refresh).isPresent());
  }

  /** Comes by new tokens and keeps them. Blocks. */
  Tokens renewed(
      boolean mayRefresh,
      Optional<Tokens> old,
      Optional<AgentId> agent,
      Optional<AuthorizationPrompt> prompt)
      throws OAuthException {
    Challenge said = challenge;
    Tokens fresh =
        renewals.tokens(
            new Renewals.Wanted(
                said == null ? new Challenge(Optional.empty(), Scopes.NONE, false) : said,
                old,
                mayRefresh,
                agent,
                prompt));
    if (config instanceof AuthorizationCode) {
      keep(fresh);
    }
    return fresh;
  }

  Optional<AuthorizationPrompt> prompt() {
    return ports.prompt();
  }

  private TokenSlot slot(Optional<AgentId> agent) {
    return agent.isEmpty()
        ? own
        : agents.computeIfAbsent(agent.get(), _ -> new TokenSlot(upstream, clock));
  }

  private boolean perAgent() {
    return config instanceof TokenExchange exchange
        && exchange.subject() instanceof Assertion.OfAgent;
  }

  private List<URI> configured() {
    List<URI> configured = new ArrayList<>(List.of(url));
    if (config instanceof TokenExchange exchange) {
      exchange.identityProvider().ifPresent(idp -> configured.add(idp.tokenEndpoint()));
    }
    return configured;
  }

  private AuthorizationCode codeConfig() {
    return config instanceof AuthorizationCode code
        ? code
        : new AuthorizationCode(
            Optional.empty(),
            Optional.empty(),
            AuthorizationCode.CLIENT_NAME,
            java.util.Set.of(),
            Optional.empty());
  }

  private Optional<KeptState> kept(Secrets secrets) {
    if (!(config instanceof AuthorizationCode)) {
      return Optional.empty();
    }
    try {
      return ports.store().load(upstream).flatMap(json -> KeptState.read(json, url, secrets));
    } catch (IOException e) {
      LOG.warn("mcp {}: {}", upstream, e.getMessage());
      return Optional.empty();
    }
  }

  private void restore(KeptState kept) {
    registrations.restore(kept.registrations());
    kept.tokens().ifPresent(own::put);
  }

  private void keep(Tokens fresh) {
    KeptState state = new KeptState(url, Optional.of(fresh), registrations.known(), dpop);
    try {
      ports.store().save(upstream, state.json());
    } catch (IOException e) {
      LOG.warn(
          "mcp {}: its authorization is not kept across restarts: {}", upstream, e.getMessage());
    }
  }

  /** Forgets who called longest ago. */
  private static final class Recent extends LinkedHashMap<AgentId, TokenSlot> {

    Recent() {
      super(16, 0.75f, true);
    }

    @Override
    protected boolean removeEldestEntry(Map.Entry<AgentId, TokenSlot> eldest) {
      return size() > AGENTS_MAX;
    }
  }
}
