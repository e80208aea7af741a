package dev.gatehouse.registry.token;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.OctetSequenceKey;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jose.util.Base64URL;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import dev.gatehouse.core.call.OperationType;
import dev.gatehouse.core.registry.Authentication;
import dev.gatehouse.core.registry.Authentication.Authenticated;
import dev.gatehouse.core.registry.Authentication.Insufficient;
import dev.gatehouse.core.registry.Authentication.Unauthenticated;
import dev.gatehouse.core.registry.Authentication.Unavailable;
import dev.gatehouse.core.registry.Glob;
import dev.gatehouse.core.registry.Scope;
import dev.gatehouse.testkit.ManualClock;
import dev.gatehouse.testkit.ScriptedIssuer;
import java.net.URI;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.Signature;
import java.time.Duration;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tokens of an issuer outside, on a real socket. */
class ForeignTokensTest {

  private static final String RESOURCE = "https://gw.example/mcp";
  private static final Duration HOUR = Duration.ofHours(1);
  private static final Scope READ =
      new Scope(
          "mcp:read",
          Set.of(OperationType.READ),
          List.of(new Glob("*")),
          List.of(),
          List.of(),
          List.of());

  private final ManualClock clock = new ManualClock();
  private final ScriptedIssuer issuer = new ScriptedIssuer(clock);
  private final Directory directory = new Directory().subject(issuer.name(), "svc-1", "triage");
  private TokenLimits limits = TokenLimits.DEFAULT;
  private @Nullable TokenService service;

  @AfterEach
  void close() throws Exception {
    tokens().close();
    issuer.close();
  }

  @Test
  void tokenStandsForTheAgentThatListsItsSubject() throws Exception {
    Authentication who = check(issuer.token("svc-1", RESOURCE));
    assertThat(who).isInstanceOf(Authenticated.class);
    assertThat(((Authenticated) who).principal().agent().value()).isEqualTo("triage");
    assertThat(reason(check(issuer.token("svc-2", RESOURCE)))).contains("no agent");
  }

  @Test
  void removedAgentsTokenStandsForNobodyAtOnce() throws Exception {
    String token = issuer.token("svc-1", RESOURCE);
    assertThat(check(token)).isInstanceOf(Authenticated.class);
    directory.subjects.clear();
    assertThat(reason(tokens().authenticate(token))).contains("no agent");
  }

  @Test
  void claimCanNameTheAgentItself() throws Exception {
    use(config(Optional.of(issuer.keysAddress()), Optional.of("azp"), List.of()));
    assertThat(check(issuer.sign(issuer.claims("x", RESOURCE).claim("azp", "triage").build())))
        .isInstanceOf(Authenticated.class);
    assertThat(check(issuer.sign(issuer.claims("x", RESOURCE).claim("azp", "nobody").build())))
        .isInstanceOf(Unauthenticated.class);
    assertThat(check(issuer.sign(issuer.claims("x", RESOURCE).claim("azp", "a b").build())))
        .isInstanceOf(Unauthenticated.class);
  }

  @Test
  void subjectsOfTwoIssuersNeverCross() throws Exception {
    try (ScriptedIssuer other = new ScriptedIssuer(clock)) {
      directory.subject(other.name(), "svc-2", "writer");
      use(
          List.of(
              config(issuer, Optional.of(issuer.keysAddress()), Optional.empty(), List.of()),
              config(other, Optional.of(other.keysAddress()), Optional.empty(), List.of())));
      assertThat(agent(check(issuer.token("svc-1", RESOURCE)))).isEqualTo("triage");
      assertThat(agent(check(other.token("svc-2", RESOURCE)))).isEqualTo("writer");
      assertThat(check(issuer.token("svc-2", RESOURCE))).isInstanceOf(Unauthenticated.class);
      assertThat(check(other.token("svc-1", RESOURCE))).isInstanceOf(Unauthenticated.class);

      String forged = other.sign(other.claims("svc-1", RESOURCE).issuer(issuer.name()).build());
      assertThat(check(forged)).isInstanceOf(Unauthenticated.class);
    }
  }

  @Test
  void expiredTokenIsRefusedEvenIfItWasGoodBefore() throws Exception {
    String token = issuer.token("svc-1", RESOURCE);
    assertThat(check(token)).isInstanceOf(Authenticated.class);
    clock.advance(Duration.ofSeconds(60 + 29));
    assertThat(tokens().authenticate(token)).isInstanceOf(Authenticated.class);
    clock.advance(Duration.ofSeconds(1));
    assertThat(reason(tokens().authenticate(token))).contains("expired");
  }

  @ParameterizedTest
  @CsvSource({
    "exp, -31, expired",
    "nbf, 31, not valid yet",
    "iat, 31, not valid yet",
    "exp, 86431, lives longer",
  })
  void timesBeyondTheSkewAreRefused(String claim, int secondsFromNow, String reason)
      throws Exception {
    Date at = Date.from(clock.instant().plusSeconds(secondsFromNow));
    assertThat(
            reason(check(issuer.sign(issuer.claims("svc-1", RESOURCE).claim(claim, at).build()))))
        .contains(reason);
  }

  @ParameterizedTest
  @ValueSource(strings = {"exp", "aud", "iss"})
  void claimThatMustBeThereIsMissed(String claim) throws Exception {
    assertThat(check(issuer.sign(issuer.claims("svc-1", RESOURCE).claim(claim, null).build())))
        .isInstanceOf(Unauthenticated.class);
  }

  @Test
  void timesThatAreNoDatesAreRefused() throws Exception {
    assertThat(check(issuer.sign(issuer.claims("svc-1", RESOURCE).claim("nbf", "soon").build())))
        .isInstanceOf(Unauthenticated.class);
    assertThat(check(issuer.sign(issuer.claims("svc-1", RESOURCE).claim("exp", "late").build())))
        .isInstanceOf(Unauthenticated.class);
  }

  @Test
  void tokenForAnotherAudienceIsRefused() throws Exception {
    assertThat(reason(check(issuer.token("svc-1", "https://other.example/mcp"))))
        .contains("another audience");
    assertThat(
            check(
                issuer.sign(
                    issuer
                        .claims("svc-1", RESOURCE)
                        .audience(List.of("https://other.example", RESOURCE))
                        .build())))
        .isInstanceOf(Authenticated.class);
  }

  @Test
  void tokenOfAStrangerIsRefusedAndItsIssuerIsNotAsked() throws Exception {
    try (ScriptedIssuer stranger = new ScriptedIssuer(clock)) {
      assertThat(reason(check(stranger.token("svc-1", RESOURCE)))).contains("issuer is not one");
      assertThat(stranger.asked()).isZero();
    }
  }

  @Test
  void publicKeyAsSharedSecretOpensNothing() throws Exception {
    RSAKey rsa = new RSAKeyGenerator(2048).keyID("r1").generate();
    issuer.publish(rsa);
    issuer.signWith(rsa);
    assertThat(check(ScriptedIssuer.sign(claims(), rsa, JWSAlgorithm.RS256)))
        .isInstanceOf(Authenticated.class);

    for (byte[] secret :
        List.of(
            rsa.toRSAPublicKey().getEncoded(),
            rsa.toPublicJWK().toJSONString().getBytes(java.nio.charset.StandardCharsets.UTF_8))) {
      SignedJWT confused =
          new SignedJWT(new JWSHeader.Builder(JWSAlgorithm.HS256).keyID("r1").build(), claims());
      confused.sign(new MACSigner(secret));
      assertThat(reason(check(confused.serialize()))).contains("algorithm");
    }
  }

  @Test
  void sharedSecretInAKeySetIsNoKey() throws Exception {
    OctetSequenceKey secret =
        new OctetSequenceKey.Builder(new byte[32])
            .keyID("s1")
            .algorithm(JWSAlgorithm.HS256)
            .build();
    issuer.say(ScriptedIssuer.KEYS_PATH, 200, "{\"keys\":[" + secret.toJSONString() + "]}");
    assertThat(check(issuer.token("svc-1", RESOURCE))).isInstanceOf(Unavailable.class);
  }

  @Test
  void unsignedTokenIsRefused() throws Exception {
    String[] parts = issuer.token("svc-1", RESOURCE).split("\\.", -1);
    for (String alg : List.of("none", "None", "NONE")) {
      String header = encoded("{'alg':'%s'}".formatted(alg));
      assertThat(check(header + "." + parts[1] + ".")).isInstanceOf(Unauthenticated.class);
      assertThat(check(header + "." + parts[1] + "." + parts[2]))
          .isInstanceOf(Unauthenticated.class);
    }
    assertThat(check(parts[0] + "." + parts[1] + ".")).isInstanceOf(Unauthenticated.class);
  }

  @Test
  void alteredTokenIsForged() throws Exception {
    String token = issuer.token("svc-1", RESOURCE);
    String[] parts = token.split("\\.", -1);
    String other = issuer.token("svc-9", RESOURCE).split("\\.", -1)[1];
    assertThat(reason(check(parts[0] + "." + other + "." + parts[2]))).contains("signature");
    assertThat(check(token)).isInstanceOf(Authenticated.class);
  }

  @Test
  void keysInATokensHeaderAreNotLookedAt() throws Exception {
    JWK own = ScriptedIssuer.ecKey("k1");
    for (JWSHeader header :
        List.of(
            new JWSHeader.Builder(JWSAlgorithm.ES256).keyID("k1").jwk(own.toPublicJWK()).build(),
            new JWSHeader.Builder(JWSAlgorithm.ES256)
                .keyID("k1")
                .jwkURL(URI.create(issuer.name() + "/mine"))
                .build(),
            new JWSHeader.Builder(JWSAlgorithm.ES256).jwk(own.toPublicJWK()).build())) {
      assertThat(check(ScriptedIssuer.sign(claims(), own, header)))
          .isInstanceOf(Unauthenticated.class);
    }
    for (String id : List.of("../../dev/null", "' OR 1=1 --", "k1\u0000", "K1", "")) {
      assertThat(
              check(
                  ScriptedIssuer.sign(
                      claims(), own, new JWSHeader.Builder(JWSAlgorithm.ES256).keyID(id).build())))
          .isInstanceOf(Unauthenticated.class);
    }
  }

  @Test
  void whatMustBeUnderstoodAndIsNotIsRefused() throws Exception {
    JWSHeader critical =
        new JWSHeader.Builder(JWSAlgorithm.ES256).keyID("k1").criticalParams(Set.of("exp")).build();
    assertThat(reason(check(ScriptedIssuer.sign(claims(), issuer.key(), critical))))
        .contains("cannot be read");
    JWSHeader logout =
        new JWSHeader.Builder(JWSAlgorithm.ES256)
            .keyID("k1")
            .type(new JOSEObjectType("logout+jwt"))
            .build();
    assertThat(check(ScriptedIssuer.sign(claims(), issuer.key(), logout)))
        .isInstanceOf(Unauthenticated.class);
    assertThat(
            reason(
                check(
                    issuer.sign(
                        issuer
                            .claims("svc-1", RESOURCE)
                            .claim("cnf", Map.of("jkt", "abc"))
                            .build()))))
        .contains("bound to a key");
  }

  @Test
  void usualTypesAreTaken() throws Exception {
    for (String type : List.of("JWT", "at+jwt", "AT+JWT", "application/at+jwt")) {
      JWSHeader header =
          new JWSHeader.Builder(JWSAlgorithm.ES256)
              .keyID("k1")
              .type(new JOSEObjectType(type))
              .build();
      assertThat(check(ScriptedIssuer.sign(claims(), issuer.key(), header)))
          .isInstanceOf(Authenticated.class);
    }
  }

  @Test
  void claimThatStandsTwiceMakesTheTokenUnreadable() throws Exception {
    String good =
        new String(
            Base64URL.from(issuer.sign(claims()).split("\\.", -1)[1]).decode(),
            java.nio.charset.StandardCharsets.UTF_8);
    String twice = good.replaceFirst("\\{", "{\"sub\":\"svc-9\",");
    Signature signature = Signature.getInstance("SHA256withECDSAinP1363Format");
    signature.initSign((PrivateKey) issuer.key().toECKey().toECPrivateKey());
    String head = encoded("{'alg':'ES256','kid':'k1'}");
    for (String payload : List.of(good, twice)) {
      String signed = head + "." + Base64URL.encode(payload);
      signature.update(signed.getBytes(java.nio.charset.StandardCharsets.US_ASCII));
      Authentication who = check(signed + "." + Base64URL.encode(signature.sign()));
      assertThat(who)
          .isInstanceOf(payload.equals(good) ? Authenticated.class : Unauthenticated.class);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"a.b", "a.b.c", "....", "a.b.c.d.e", "e30.e30.", "e30.e30.e30", "é.b.c"})
  void nonsenseIsUnreadable(String token) throws Exception {
    assertThat(check(token)).isInstanceOf(Unauthenticated.class);
  }

  @Test
  void tokenIsReadUpToItsLimitOnly() throws Exception {
    String small = issuer.sign(issuer.claims("svc-1", RESOURCE).claim("x", "").build());
    int room = (TokenLimits.DEFAULT.tokenCharsMax() - small.length()) * 3 / 4 - 3;
    assertThat(
            check(
                issuer.sign(issuer.claims("svc-1", RESOURCE).claim("x", "y".repeat(room)).build())))
        .isInstanceOf(Authenticated.class);
    assertThat(
            reason(
                check(
                    issuer.sign(
                        issuer
                            .claims("svc-1", RESOURCE)
                            .claim("x", "y".repeat(room + 8))
                            .build()))))
        .contains("cannot be read");
    assertThat(check("e30.".repeat(1 << 20))).isInstanceOf(Unauthenticated.class);
  }

  @Test
  void ed25519AndRsaPssAreVerified() throws Exception {
    KeyPair pair = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
    byte[] encoded = pair.getPublic().getEncoded();
    byte[] point = java.util.Arrays.copyOfRange(encoded, encoded.length - 32, encoded.length);
    RSAKey rsa = new RSAKeyGenerator(2048).keyID("r1").keyUse(KeyUse.SIGNATURE).generate();
    issuer.say(
        ScriptedIssuer.KEYS_PATH,
        200,
        "{\"keys\":[{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"kid\":\"e1\",\"x\":\""
            + Base64URL.encode(point)
            + "\"},"
            + rsa.toPublicJWK().toJSONString()
            + "]}");
    assertThat(check(ScriptedIssuer.sign(claims(), rsa, JWSAlgorithm.PS256)))
        .isInstanceOf(Authenticated.class);

    String payload = issuer.sign(claims()).split("\\.", -1)[1];
    String signed = encoded("{'alg':'EdDSA','kid':'e1'}") + "." + payload;
    Signature signature = Signature.getInstance("Ed25519");
    signature.initSign(pair.getPrivate());
    signature.update(signed.getBytes(java.nio.charset.StandardCharsets.US_ASCII));
    byte[] bytes = signature.sign();
    assertThat(check(signed + "." + Base64URL.encode(bytes))).isInstanceOf(Authenticated.class);
    bytes[5] ^= 1;
    assertThat(reason(check(signed + "." + Base64URL.encode(bytes)))).contains("signature");
  }

  @Test
  void rotatedKeyIsFetchedWhenATokenNamesIt() throws Exception {
    assertThat(check(issuer.token("svc-1", RESOURCE))).isInstanceOf(Authenticated.class);
    String old = issuer.token("svc-1", RESOURCE);
    issuer.signWith(ScriptedIssuer.ecKey("k2"));
    issuer.publish(issuer.key());

    String next = issuer.token("svc-1", RESOURCE);
    assertThat(reason(check(next))).contains("key is not among"); // too soon after the last fetch
    clock.advance(TokenLimits.DEFAULT.keysRefreshMin());
    assertThat(check(next)).isInstanceOf(Authenticated.class);
    assertThat(reason(check(old))).as("its key is withdrawn").contains("key is not among");
  }

  @Test
  void unknownKeysDoNotFloodTheIssuer() throws Exception {
    assertThat(check(issuer.token("svc-1", RESOURCE))).isInstanceOf(Authenticated.class);
    int before = issuer.asked();
    for (int i = 0; i < 50; i++) {
      issuer.signWith(ScriptedIssuer.ecKey("unknown" + i));
      assertThat(check(issuer.token("svc-1", RESOURCE))).isInstanceOf(Unauthenticated.class);
    }
    assertThat(issuer.asked()).isEqualTo(before);
    clock.advance(TokenLimits.DEFAULT.keysRefreshMin());
    for (int i = 0; i < 50; i++) {
      assertThat(check(issuer.token("svc-1", RESOURCE))).isInstanceOf(Unauthenticated.class);
    }
    assertThat(issuer.asked()).isEqualTo(before + 1);
  }

  @Test
  void lastGoodKeysServeWhileTheIssuerIsAwayUntilTheyAreTooOld() throws Exception {
    assertThat(check(issuer.token("svc-1", RESOURCE))).isInstanceOf(Authenticated.class);
    issuer.say(ScriptedIssuer.KEYS_PATH, 500, "{}");
    clock.advance(TokenLimits.DEFAULT.keysMaxAge());
    assertThat(check(issuer.token("svc-1", RESOURCE))).isInstanceOf(Authenticated.class);
    clock.advance(Duration.ofSeconds(1));
    assertThat(check(issuer.token("svc-1", RESOURCE))).isInstanceOf(Unavailable.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"{}", "[]", "{\"keys\":[]}", "{\"keys\":[{\"kty\":\"EC\"}]}", "<html>"})
  void badKeySetDoesNotReplaceAGoodOne(String document) throws Exception {
    assertThat(check(issuer.token("svc-1", RESOURCE))).isInstanceOf(Authenticated.class);
    issuer.say(ScriptedIssuer.KEYS_PATH, 200, document);
    clock.advance(TokenLimits.DEFAULT.keysRefreshMin());
    issuer.signWith(ScriptedIssuer.ecKey("k2"));
    assertThat(check(issuer.token("svc-1", RESOURCE))).isInstanceOf(Unauthenticated.class);
    issuer.signWith(issuer.key());
  }

  @Test
  void redirectIsNotFollowedAndHugeDocumentIsNotRead() throws Exception {
    try (ScriptedIssuer other = new ScriptedIssuer(clock)) {
      issuer.redirect(ScriptedIssuer.KEYS_PATH, other.keysAddress());
      assertThat(check(issuer.token("svc-1", RESOURCE))).isInstanceOf(Unavailable.class);
      assertThat(other.asked()).isZero();
    }
    issuer.say(ScriptedIssuer.KEYS_PATH, 200, " ".repeat(DocumentFetcher.BYTES_MAX + 1));
    clock.advance(TokenLimits.DEFAULT.keysRefreshMin());
    assertThat(check(issuer.token("svc-1", RESOURCE))).isInstanceOf(Unavailable.class);
  }

  @Test
  void checkDoesNotWaitForASilentIssuerAndSaysThatItCannotTell() throws Exception {
    CountDownLatch silence = new CountDownLatch(1);
    issuer.holdUntil(silence);
    String token = issuer.token("svc-1", RESOURCE);
    assertThat(tokens().authenticate(token)).isInstanceOf(Unavailable.class);
    CompletionStage<Void> wait = tokens().awaited(token).orElseThrow();
    assertThat(wait.toCompletableFuture()).isNotDone();
    silence.countDown();
    wait.toCompletableFuture().get(10, TimeUnit.SECONDS);
    assertThat(tokens().authenticate(token)).isInstanceOf(Authenticated.class);
  }

  @Test
  void keysAreFoundThroughTheIssuersMetadata() throws Exception {
    use(config(Optional.empty(), Optional.empty(), List.of()));
    assertThat(check(issuer.token("svc-1", RESOURCE))).isInstanceOf(Authenticated.class);
  }

  @Test
  void openidMetadataServesWhereThereIsNoOther() throws Exception {
    issuer.say("/.well-known/oauth-authorization-server", 404, "");
    issuer.say(
        "/.well-known/openid-configuration",
        200,
        "{\"issuer\":\"" + issuer.name() + "\",\"jwks_uri\":\"" + issuer.keysAddress() + "\"}");
    use(config(Optional.empty(), Optional.empty(), List.of()));
    assertThat(check(issuer.token("svc-1", RESOURCE))).isInstanceOf(Authenticated.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"issuer\":\"https://honest.example\",\"jwks_uri\":\"KEYS\"}",
        "{\"issuer\":\"ISSUER/\",\"jwks_uri\":\"KEYS\"}",
        "{\"issuer\":\"ISSUER\",\"jwks_uri\":\"http://keys.example/\"}",
        "{\"issuer\":\"ISSUER\",\"jwks_uri\":\"file:///etc/passwd\"}",
        "{\"issuer\":\"ISSUER\",\"jwks_uri\":\"https://localhost/keys\"}",
        "{\"issuer\":\"ISSUER\",\"jwks_uri\":\"https://169.254.169.254/keys\"}",
        "{\"issuer\":\"ISSUER\"}",
      })
  void metadataThatIsNotToBeTrustedIsNotUsed(String metadata) throws Exception {
    issuer.say(
        "/.well-known/oauth-authorization-server",
        200,
        metadata.replace("ISSUER", issuer.name()).replace("KEYS", issuer.keysAddress()));
    use(config(Optional.empty(), Optional.empty(), List.of()));
    assertThat(check(issuer.token("svc-1", RESOURCE))).isInstanceOf(Unavailable.class);
    assertThat(issuer.asked()).isZero();
  }

  @Test
  void scopesNarrowInWhicheverFormTheyCome() throws Exception {
    for (JWTClaimsSet claims :
        List.of(
            issuer.claims("svc-1", RESOURCE).claim("scope", "x mcp:read y").build(),
            issuer.claims("svc-1", RESOURCE).claim("scp", List.of("mcp:read")).build(),
            issuer.claims("svc-1", RESOURCE).claim("scp", "mcp:read").build())) {
      assertThat(((Authenticated) check(issuer.sign(claims))).principal().scopes())
          .hasValueSatisfying(s -> assertThat(s.granted()).containsExactly("mcp:read"));
    }
    assertThat(((Authenticated) check(issuer.token("svc-1", RESOURCE))).principal().scopes())
        .hasValueSatisfying(scopes -> assertThat(scopes.granted()).isEmpty());
  }

  @Test
  void tokenWithoutARequiredScopeIsInsufficientAndSaysAllThatAreNeeded() throws Exception {
    use(config(Optional.of(issuer.keysAddress()), Optional.empty(), List.of("a", "b")));
    assertThat(check(issuer.sign(issuer.claims("svc-1", RESOURCE).claim("scope", "a").build())))
        .isEqualTo(
            new Insufficient(
                "the token lacks a scope that every request needs", List.of("a", "b")));
    assertThat(check(issuer.sign(issuer.claims("svc-1", RESOURCE).claim("scope", "b a").build())))
        .isInstanceOf(Authenticated.class);
  }

  @Test
  void refusalsNeverRepeatWhatWasSent() throws Exception {
    String token = issuer.token("svc-2", RESOURCE);
    assertThat(check(token).toString()).doesNotContain(token).doesNotContain("svc-2");
  }

  @Test
  void moreTokensThanAreKeptAreVerifiedAgain() throws Exception {
    limits = new TokenLimits(8192, Duration.ofDays(1), 1, HOUR, HOUR, Duration.ofSeconds(3), HOUR);
    List<String> many =
        java.util.stream.IntStream.range(0, 20)
            .mapToObj(i -> issuer.sign(issuer.claims("svc-1", RESOURCE).jwtID("j" + i).build()))
            .toList();
    for (int round = 0; round < 2; round++) {
      for (String token : many) {
        assertThat(check(token)).isInstanceOf(Authenticated.class);
      }
    }
  }

  private static String encoded(String json) {
    return Base64URL.encode(json.replace('\'', '"')).toString();
  }

  private JWTClaimsSet claims() {
    return issuer.claims("svc-1", RESOURCE).build();
  }

  /** As a request is checked: after the keys that it needs were fetched, if they are. */
  private Authentication check(String token) throws Exception {
    Optional<CompletionStage<Void>> wait = tokens().awaited(token);
    if (wait.isPresent()) {
      var _ = wait.get().toCompletableFuture().get(10, TimeUnit.SECONDS);
    }
    return tokens().authenticate(token);
  }

  private static String reason(Authentication who) {
    assertThat(who).isInstanceOf(Unauthenticated.class);
    return ((Unauthenticated) who).reason();
  }

  private static String agent(Authentication who) {
    assertThat(who).isInstanceOf(Authenticated.class);
    return ((Authenticated) who).principal().agent().value();
  }

  private void use(IssuerConfig config) throws Exception {
    use(List.of(config));
  }

  private void use(List<IssuerConfig> issuers) throws Exception {
    service = TokenService.start(directory, clock, Optional.of(auth(issuers)));
  }

  /** Begins to fetch keys with the first token, so that a test can shape its issuer before. */
  private TokenService tokens() throws Exception {
    if (service == null) {
      use(config(Optional.of(issuer.keysAddress()), Optional.empty(), List.of()));
    }
    return Objects.requireNonNull(service);
  }

  private AuthConfig auth(List<IssuerConfig> issuers) {
    return new AuthConfig(
        URI.create(RESOURCE),
        List.of(READ),
        List.of("mcp:read"),
        true,
        issuers,
        Optional.empty(),
        limits);
  }

  private IssuerConfig config(
      Optional<String> keysAddress, Optional<String> agentClaim, List<String> required) {
    return config(issuer, keysAddress, agentClaim, required);
  }

  private static IssuerConfig config(
      ScriptedIssuer issuer,
      Optional<String> keysAddress,
      Optional<String> agentClaim,
      List<String> required) {
    return new IssuerConfig(
        issuer.name(),
        keysAddress.map(URI::create),
        Set.of(RESOURCE),
        IssuerConfig.ALGORITHMS_DEFAULT,
        "sub",
        agentClaim,
        required,
        Duration.ofSeconds(30));
  }
}
