package dev.gatehouse.registry.token;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSVerifier;
import dev.gatehouse.core.call.Principal;
import dev.gatehouse.core.json.Digest;
import dev.gatehouse.core.registry.AgentId;
import dev.gatehouse.core.registry.Authentication;
import dev.gatehouse.core.registry.Authentication.Authenticated;
import dev.gatehouse.core.registry.Authentication.Insufficient;
import dev.gatehouse.core.registry.Authentication.Unauthenticated;
import dev.gatehouse.core.registry.Authentication.Unavailable;
import dev.gatehouse.core.registry.Challenge;
import dev.gatehouse.core.registry.Scope;
import dev.gatehouse.core.registry.TokenScopes;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/**
 * Checks the tokens of a config's issuers. Thread-safe; a check reads snapshots and never blocks. A
 * token is verified once and then known by its digest until it expires or its issuer's keys change;
 * which agent it stands for is looked up each time.
 */
final class LiveTokens {

  private static final Unauthenticated UNREADABLE =
      new Unauthenticated("the token cannot be read; send a signed JWT");
  private static final Unauthenticated STRANGER =
      new Unauthenticated("the token's issuer is not one that this gateway takes tokens of");
  private static final Unauthenticated ALGORITHM =
      new Unauthenticated("the token's signature algorithm is not taken from its issuer");
  private static final Unauthenticated UNKNOWN_KEY =
      new Unauthenticated("the token's key is not among those of its issuer");
  private static final Unauthenticated FORGED =
      new Unauthenticated("the token's signature is wrong");
  private static final Unauthenticated NOBODY =
      new Unauthenticated("the token stands for no agent of this gateway, or no more");
  private static final Unavailable NO_KEYS =
      new Unavailable(
          "the keys of the token's issuer are not there; try again", Duration.ofSeconds(5));

  private final AgentDirectory directory;
  private final Clock clock;
  private final TokenLimits limits;
  private final Challenge challenge;
  private final List<Scope> scopes;
  private final Set<String> scopeNames;
  private final Map<String, AcceptedIssuer> issuers = new HashMap<>();
  private final Cache<Digest, Verified> verified;

  LiveTokens(
      AuthConfig config, List<AcceptedIssuer> accepted, AgentDirectory directory, Clock clock) {
    this.directory = directory;
    this.clock = clock;
    limits = config.limits();
    scopes = config.scopes();
    scopeNames = scopes.stream().map(Scope::name).collect(Collectors.toUnmodifiableSet());
    challenge = new Challenge(Documents.metadataAddress(config), config.initialScopes());
    accepted.forEach(issuer -> issuers.put(issuer.name(), issuer));
    verified = Caffeine.newBuilder().maximumSize(limits.verifiedTokensMax()).build();
  }

  /** A token whose signature and claims were good, while its issuer had these keys. */
  private record Verified(
      SignedToken token,
      AcceptedIssuer issuer,
      VerificationKeys keys,
      Instant until,
      String credentialId,
      Optional<TokenScopes> scopes) {}

  Challenge challenge() {
    return challenge;
  }

  Authentication authenticate(String token) {
    Instant now = clock.instant();
    if (token.length() > limits.tokenCharsMax()) {
      return UNREADABLE;
    }
    Digest digest = digest(token);
    Verified known = verified.getIfPresent(digest);
    if (known != null && stands(known, now)) {
      return principal(known);
    }
    return SignedToken.parse(token, limits.tokenCharsMax())
        .map(parsed -> check(parsed, digest, now))
        .orElse(UNREADABLE);
  }

  /**
   * What to wait for before a token can be checked: a fetch of keys under way, that it needs. Never
   * longer than the limit for it.
   */
  Optional<CompletionStage<Void>> awaited(String token) {
    if (token.length() > limits.tokenCharsMax() || verified.getIfPresent(digest(token)) != null) {
      return Optional.empty();
    }
    return SignedToken.parse(token, limits.tokenCharsMax()).flatMap(this::awaited);
  }

  private Optional<CompletionStage<Void>> awaited(SignedToken token) {
    AcceptedIssuer issuer = issuers.get(token.text("iss").orElse(""));
    if (issuer == null || !issuer.algorithms().contains(token.algorithm())) {
      return Optional.empty();
    }
    Instant now = clock.instant();
    boolean there =
        issuer
            .keys()
            .keys(now)
            .flatMap(keys -> keys.find(token.keyId(), token.algorithm()))
            .isPresent();
    return there
        ? Optional.empty()
        : issuer
            .keys()
            .refresh(now)
            .map(
                fetch ->
                    fetch
                        .toCompletableFuture()
                        .copy()
                        .completeOnTimeout(
                            null, limits.keysTimeout().toMillis(), TimeUnit.MILLISECONDS));
  }

  private static boolean stands(Verified known, Instant now) {
    return now.isBefore(known.until())
        && known.issuer().keys().keys(now).filter(keys -> keys == known.keys()).isPresent();
  }

  private Authentication check(SignedToken token, Digest digest, Instant now) {
    AcceptedIssuer issuer = issuers.get(token.text("iss").orElse(""));
    if (issuer == null) {
      return STRANGER;
    }
    if (!issuer.algorithms().contains(token.algorithm())) {
      return ALGORITHM;
    }
    Optional<VerificationKeys> keys = issuer.keys().keys(now);
    if (keys.isEmpty()) {
      var _ = issuer.keys().refresh(now);
      return NO_KEYS;
    }
    Optional<JWSVerifier> verifier = keys.get().find(token.keyId(), token.algorithm());
    if (verifier.isEmpty()) {
      var _ = issuer.keys().refresh(now);
      return UNKNOWN_KEY;
    }
    if (!isSigned(token, verifier.get())) {
      return FORGED;
    }
    Optional<String> objection =
        ClaimCheck.objection(
            token, issuer.audiences(), issuer.clockSkew(), limits.tokenLifetimeMax(), now);
    return objection.isPresent()
        ? new Unauthenticated(objection.get())
        : good(token, issuer, keys.get(), digest);
  }

  private static boolean isSigned(SignedToken token, JWSVerifier verifier) {
    try {
      return token.jws().verify(verifier);
    } catch (JOSEException | RuntimeException e) {
      return false;
    }
  }

  private Authentication good(
      SignedToken token, AcceptedIssuer issuer, VerificationKeys keys, Digest digest) {
    Set<String> granted = new HashSet<>(ClaimCheck.scopes(token));
    if (!granted.containsAll(issuer.requiredScopes())) {
      return new Insufficient(
          "the token lacks a scope that every request needs", issuer.requiredScopes());
    }
    granted.retainAll(scopeNames);
    Verified good =
        new Verified(
            token,
            issuer,
            keys,
            ClaimCheck.expiry(token).plus(issuer.clockSkew()),
            digest.hex().substring(0, 12),
            scopes.isEmpty() ? Optional.empty() : Optional.of(new TokenScopes(granted, scopes)));
    verified.put(digest, good);
    return principal(good);
  }

  private Authentication principal(Verified token) {
    Optional<AgentId> agent = token.issuer().agents().find(token.token(), directory);
    return agent.isEmpty()
        ? NOBODY
        : new Authenticated(
            new Principal(
                agent.get(), token.credentialId(), token.scopes(), Optional.of(token.until())));
  }

  private static Digest digest(String token) {
    return Digest.of(token.getBytes(StandardCharsets.UTF_8));
  }
}
