package dev.gatehouse.registry.token;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSVerifier;
import dev.gatehouse.core.json.Digest;
import dev.gatehouse.core.once.UsedOnce;
import dev.gatehouse.core.registry.AgentId;
import dev.gatehouse.registry.token.AgentDirectory.KeyHolder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Clients that prove who they are by signing (RFC 7523, {@code private_key_jwt}): an assertion
 * names its agent as issuer and subject, this issuer alone as audience, ends within minutes and
 * serves once. Thread-safe; never blocks.
 */
final class ClientAssertions {

  /** The value of {@code client_assertion_type}. */
  static final String TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

  /** What may be signed with: everything asymmetric that verification knows. */
  static final Set<String> ALGORITHMS = IssuerConfig.ALGORITHMS_DEFAULT;

  /** Longest life of an assertion. */
  static final Duration LIFETIME_MAX = Duration.ofMinutes(5);

  private static final Set<String> TYPES = Set.of("jwt", "client-authentication+jwt");
  private static final Duration CLOCK_SKEW = Duration.ofSeconds(30);
  private static final int ASSERTION_CHARS_MAX = 8192;
  private static final int ID_CHARS_MAX = 256;

  private final Set<String> audiences;
  private final AgentDirectory directory;
  private final UsedOnce used;
  private final int usedMax;
  private final InstantSource clock;

  ClientAssertions(
      OwnIssuerConfig own, AgentDirectory directory, UsedOnce used, InstantSource clock) {
    this.directory = directory;
    this.used = used;
    this.clock = clock;
    usedMax = own.limits().assertionsMax();
    String issuer = own.issuer().toString();
    audiences = Set.of(issuer, issuer + Documents.TOKEN);
  }

  /**
   * Whose assertion it is, and which of the agent's keys signed it; empty when it is not good.
   *
   * @param clientId what the client says that it is, which an assertion already does
   */
  Optional<KeyHolder> holder(String assertion, Optional<String> clientId) {
    Optional<SignedToken> parsed =
        SignedToken.parse(assertion, ASSERTION_CHARS_MAX, TYPES)
            .filter(token -> ALGORITHMS.contains(token.algorithm()));
    Optional<AgentId> agent = parsed.flatMap(token -> agent(token, clientId));
    Optional<KeyHolder> holder = agent.flatMap(id -> signer(id, parsed.orElseThrow()));
    return holder.filter(_ -> isForUsOnce(parsed.orElseThrow(), holder.get()));
  }

  private static Optional<AgentId> agent(SignedToken token, Optional<String> clientId) {
    return token
        .text("sub")
        .filter(subject -> token.text("iss").filter(subject::equals).isPresent())
        .filter(subject -> clientId.isEmpty() || clientId.get().equals(subject))
        .filter(AgentId::isWellFormed)
        .map(AgentId::new);
  }

  /** The key must be told without trying: by its name, or because no other would do. */
  private Optional<KeyHolder> signer(AgentId agent, SignedToken token) {
    Map<String, JWSVerifier> found = new HashMap<>();
    for (ClientKey key : directory.clientKeys(agent)) {
      key.verifier(token.keyId(), token.algorithm())
          .ifPresent(verifier -> found.put(key.credentialId(), verifier));
    }
    if (found.size() != 1) {
      return Optional.empty();
    }
    Map.Entry<String, JWSVerifier> only = found.entrySet().iterator().next();
    return isSigned(token, only.getValue())
        ? Optional.of(new KeyHolder(agent, only.getKey()))
        : Optional.empty();
  }

  private static boolean isSigned(SignedToken token, JWSVerifier verifier) {
    try {
      return token.jws().verify(verifier);
    } catch (JOSEException | RuntimeException e) {
      return false;
    }
  }

  private boolean isForUsOnce(SignedToken token, KeyHolder holder) {
    Instant now = clock.instant();
    if (ClaimCheck.objection(token, audiences, CLOCK_SKEW, LIFETIME_MAX, now).isPresent()
        || !audiences.containsAll(audience(token))) {
      return false;
    }
    Optional<String> id =
        token.text("jti").filter(text -> !text.isEmpty() && text.length() <= ID_CHARS_MAX);
    return id.isPresent()
        && used.use(
            Digest.of((holder.agent().value() + "\n" + id.get()).getBytes(StandardCharsets.UTF_8)),
            ClaimCheck.expiry(token).plus(CLOCK_SKEW),
            now,
            usedMax);
  }

  /** An assertion that others are meant by too could be shown here by one of them. */
  private static List<Object> audience(SignedToken token) {
    List<Object> all = new ArrayList<>();
    if (token.claim("aud") instanceof List<?> many) {
      all.addAll(many);
    } else if (token.claim("aud") instanceof String one) {
      all.add(one);
    }
    return all;
  }
}
