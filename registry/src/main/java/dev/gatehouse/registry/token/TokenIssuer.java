package dev.gatehouse.registry.token;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import dev.gatehouse.core.json.Digest;
import dev.gatehouse.core.once.UsedOnce;
import dev.gatehouse.core.registry.AgentStatus;
import dev.gatehouse.core.registry.Scope;
import dev.gatehouse.registry.token.AgentDirectory.KeyHolder;
import dev.gatehouse.registry.token.TokenReply.Issued;
import dev.gatehouse.registry.token.TokenRequest.Client;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.Date;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The gateway's own issuer: client credentials in, a short-lived token out (RFC 6749, section 4.4;
 * RFC 9068). The client is the agent; it shows one of its keys, or signs with one of which the
 * gateway knows the public half. Thread-safe; never blocks.
 */
final class TokenIssuer {

  /** The claim that names the key which the token was got for: without it, the token ends. */
  static final String CREDENTIAL_CLAIM = "gatehouse_key";

  /** Only agents are counted, and there are no more of them. */
  private static final int CLIENTS_MAX = 100_000;

  private final OwnIssuerConfig own;
  private final String resource;
  private final Set<String> scopes;
  private final OwnKeys keys;
  private final AgentDirectory directory;
  private final Clock clock;
  private final ClientAssertions assertions;
  private final RequestRate clients;
  private final RequestRate addresses;
  private final SecureRandom random = new SecureRandom();

  TokenIssuer(
      OwnIssuerConfig own,
      AuthConfig config,
      OwnKeys keys,
      AgentDirectory directory,
      UsedOnce used,
      Clock clock) {
    assertions = new ClientAssertions(own, directory, used, clock);
    TokenEndpointLimits limits = own.limits();
    clients = new RequestRate(limits.requestsPerClientMax(), CLIENTS_MAX, clock);
    addresses = new RequestRate(limits.requestsPerAddressMax(), limits.addressesMax(), clock);
    this.own = own;
    this.keys = keys;
    this.directory = directory;
    this.clock = clock;
    resource = config.resource().toString();
    scopes = new LinkedHashSet<>(config.scopes().stream().map(Scope::name).toList());
  }

  /** Counts a request from that address before it is read; the answer when it is one too many. */
  Optional<TokenReply> crowded(String address) {
    return addresses
        .enter(address)
        .map(
            wait ->
                TokenReply.slowDown(
                    "requestsPerAddressMax", own.limits().requestsPerAddressMax(), wait));
  }

  TokenReply token(@Nullable String authorization, String body) {
    Optional<TokenRequest> request = TokenRequest.parse(authorization, body);
    if (request.isEmpty()) {
      return TokenReply.error(400, "invalid_request", "the request is no well-formed form");
    }
    Map<String, String> form = request.get().form();
    Optional<KeyHolder> holder = holder(request.get());
    if (holder.isEmpty()) {
      return TokenReply.error(
          401,
          "invalid_client",
          "client_id is an agent's id and client_secret one of its keys; or client_assertion is"
              + " signed by the agent, for this issuer, within minutes, and used once");
    }
    // Only who has shown a credential is counted: nobody can use up what is another's.
    Optional<Duration> wait = clients.enter(holder.get().agent().value());
    if (wait.isPresent()) {
      return TokenReply.slowDown(
          "requestsPerClientMax", own.limits().requestsPerClientMax(), wait.get());
    }
    if (!"client_credentials".equals(form.get("grant_type"))) {
      return TokenReply.error(
          400, "unsupported_grant_type", "grant_type must be client_credentials");
    }
    if (!isActive(holder.get())) {
      return TokenReply.error(400, "unauthorized_client", "this agent is not active");
    }
    if (form.containsKey("resource") && !isResource(form.get("resource"))) {
      return TokenReply.error(400, "invalid_target", "tokens are for resource " + resource);
    }
    Set<String> wanted = wanted(form.get("scope"));
    return scopes.containsAll(wanted)
        ? issue(holder.get(), String.join(" ", wanted))
        : TokenReply.error(400, "invalid_scope", "the scopes are: " + String.join(" ", scopes));
  }

  private Optional<KeyHolder> holder(TokenRequest request) {
    return request.assertion().isPresent()
        ? assertions.holder(
            request.assertion().get(), Optional.ofNullable(request.form().get("client_id")))
        : request.client().flatMap(this::holder);
  }

  private Optional<KeyHolder> holder(Client client) {
    return directory
        .byKey(client.secret())
        .filter(holder -> holder.agent().value().equals(client.id()));
  }

  private boolean isActive(KeyHolder holder) {
    return directory
        .find(holder.agent())
        .filter(agent -> agent.status() == AgentStatus.ACTIVE)
        .isPresent();
  }

  /** Scheme and host in whatever case, with or without the last slash (RFC 3986, section 6.2.2). */
  private boolean isResource(@Nullable String text) {
    return text != null && normal(text).equals(normal(resource));
  }

  private static String normal(String address) {
    int path = address.indexOf('/', Math.max(0, address.indexOf("://")) + 3);
    String origin = path < 0 ? address : address.substring(0, path);
    String rest = path < 0 ? "" : address.substring(path);
    return origin.toLowerCase(java.util.Locale.ROOT) + rest.replaceFirst("/$", "");
  }

  /** Everything unless the client asks for less. */
  private Set<String> wanted(@Nullable String scope) {
    Set<String> asked = new LinkedHashSet<>(List.of((scope == null ? "" : scope).split(" ")));
    asked.remove("");
    return asked.isEmpty() ? scopes : asked;
  }

  private TokenReply issue(KeyHolder holder, String scope) {
    Instant now = clock.instant().truncatedTo(ChronoUnit.SECONDS);
    Instant expires = now.plus(own.tokenLifetime());
    String token;
    try {
      token = signed(holder, scope, now, expires);
    } catch (JOSEException e) {
      throw new IllegalStateException("the token cannot be signed", e);
    }
    Map<String, Object> reply = new LinkedHashMap<>();
    reply.put("access_token", token);
    reply.put("token_type", "Bearer");
    reply.put("expires_in", own.tokenLifetime().toSeconds());
    if (!scope.isEmpty()) {
      reply.put("scope", scope);
    }
    String credentialId = Digest.of(token.getBytes(StandardCharsets.UTF_8)).hex().substring(0, 12);
    return new TokenReply(
        200,
        "",
        Documents.json(reply),
        Optional.empty(),
        Optional.of(
            new Issued(
                holder.agent().value(), credentialId, holder.credentialId(), scope, expires)));
  }

  private String signed(KeyHolder holder, String scope, Instant now, Instant expires)
      throws JOSEException {
    byte[] id = new byte[16];
    random.nextBytes(id);
    JWTClaimsSet.Builder claims =
        new JWTClaimsSet.Builder()
            .issuer(own.issuer().toString())
            .subject(holder.agent().value())
            .audience(resource)
            .issueTime(Date.from(now))
            .expirationTime(Date.from(expires))
            .jwtID(Base64.getUrlEncoder().withoutPadding().encodeToString(id))
            .claim("client_id", holder.agent().value())
            .claim(CREDENTIAL_CLAIM, holder.credentialId());
    if (!scope.isEmpty()) {
      claims.claim("scope", scope);
    }
    ECKey key = keys.current().signing();
    SignedJWT jwt =
        new SignedJWT(
            new JWSHeader.Builder(JWSAlgorithm.ES256)
                .keyID(key.getKeyID())
                .type(new JOSEObjectType("at+jwt"))
                .build(),
            claims.build());
    jwt.sign(new ECDSASigner(key));
    return jwt.serialize();
  }
}
