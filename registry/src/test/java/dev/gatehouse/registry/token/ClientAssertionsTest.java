package dev.gatehouse.registry.token;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jose.util.JSONObjectUtils;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import dev.gatehouse.core.registry.AgentId;
import dev.gatehouse.core.registry.Authentication.Authenticated;
import dev.gatehouse.core.registry.Authentication.Unauthenticated;
import dev.gatehouse.testkit.ManualClock;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Date;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Agents that sign for a token in place of showing a secret. */
class ClientAssertionsTest {

  private static final String ISSUER = "https://gw.example";
  private static final AgentId TRIAGE = new AgentId("triage");

  @TempDir Path directory;
  private final ManualClock clock = new ManualClock();
  private final Directory agents = new Directory().agent("triage").key("k-b", "writer");
  private final ECKey key = key("one");

  @SuppressWarnings("NullAway.Init")
  private TokenService tokens;

  @BeforeEach
  void start() throws Exception {
    agents.clientKeys.put(TRIAGE, List.of(publicKey(key)));
    tokens = TokenService.start(agents, clock, Optional.of(config(TokenEndpointLimits.DEFAULT)));
  }

  @AfterEach
  void close() {
    tokens.close();
  }

  @Test
  void signedAssertionIsExchangedForATokenThatEndsWithItsKey() throws Exception {
    TokenReply reply = ask(assertion(claims -> claims));

    assertThat(reply.status()).as(reply.json()).isEqualTo(200);
    assertThat(reply.issued().orElseThrow().keyId()).isEqualTo(publicKey(key).credentialId());
    String token = String.valueOf(JSONObjectUtils.parse(reply.json()).get("access_token"));
    assertThat(tokens.authenticate(token)).isInstanceOf(Authenticated.class);
    agents.clientKeys.put(TRIAGE, List.of(publicKey(key("two"))));
    assertThat(tokens.authenticate(token)).isInstanceOf(Unauthenticated.class);
  }

  @Test
  void audienceMayBeTheTokenEndpointAndTheIdOfTheClientMayBeLeftOut() throws Exception {
    String assertion = assertion(claims -> claims.audience(ISSUER + "/oauth/token"));
    assertThat(tokens.token(null, form(assertion)).status()).isEqualTo(200);
  }

  @Test
  void assertionServesOnceEvenAcrossAReload() throws Exception {
    String assertion = assertion(claims -> claims);
    assertThat(ask(assertion).status()).isEqualTo(200);
    tokens.replace(Optional.of(config(TokenEndpointLimits.DEFAULT)));
    assertThat(ask(assertion).status()).isEqualTo(401);
  }

  @Test
  void assertionMustBeOfThisAgentForThisIssuerShortLivedAndNamed() throws Exception {
    Map<String, UnaryOperator<JWTClaimsSet.Builder>> bad = new HashMap<>();
    bad.put("another issuer", claims -> claims.issuer("writer"));
    bad.put("another subject", claims -> claims.subject("writer"));
    bad.put("nobody", claims -> claims.issuer("nobody").subject("nobody"));
    bad.put("another audience", claims -> claims.audience("https://other.example"));
    bad.put("for others too", claims -> claims.audience(List.of(ISSUER, "https://other.example")));
    bad.put("no audience", claims -> claims.audience((String) null));
    bad.put("over", claims -> claims.expirationTime(in(Duration.ofSeconds(-31))));
    bad.put("no end", claims -> claims.expirationTime(null));
    bad.put("too long", claims -> claims.expirationTime(in(Duration.ofMinutes(6))));
    bad.put("not yet", claims -> claims.notBeforeTime(in(Duration.ofMinutes(1))));
    bad.put("no name", claims -> claims.jwtID(null));
    bad.put("long name", claims -> claims.jwtID("x".repeat(257)));
    for (var each : bad.entrySet()) {
      TokenReply reply = ask(assertion(each.getValue()));
      assertThat(reply.status()).as(each.getKey()).isEqualTo(401);
      assertThat(reply.json()).contains("invalid_client");
    }
  }

  @Test
  void signatureMustBeOfAKeyOfTheAgent() throws Exception {
    assertThat(ask(signed(key("one"), JOSEObjectType.JWT, claims())).status()).isEqualTo(401);
    assertThat(ask(signed(key, new JOSEObjectType("at+jwt"), claims())).status()).isEqualTo(401);
    String good = signed(key, new JOSEObjectType("client-authentication+jwt"), claims());
    assertThat(ask(good.substring(0, good.length() - 6) + "AAAAAA").status()).isEqualTo(401);
    assertThat(ask(good).status()).isEqualTo(200);
    assertThat(ask("x".repeat(9000)).status()).isEqualTo(401);
  }

  @Test
  void rsaKeysServeTooAndShortOnesAreNotTaken() throws Exception {
    JWK rsa = new RSAKeyGenerator(2048).keyID("r").generate();
    agents.clientKeys.put(TRIAGE, List.of(publicKey(rsa)));
    SignedJWT jwt =
        new SignedJWT(
            new JWSHeader.Builder(JWSAlgorithm.RS256).keyID("r").build(), claims().build());
    jwt.sign(new RSASSASigner(rsa.toRSAKey()));
    assertThat(ask(jwt.serialize()).status()).isEqualTo(200);
    JWK weak = new RSAKeyGenerator(1024, true).generate();
    assertThatThrownBy(() -> publicKey(weak)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void privateOrSharedKeyIsNoPublicKey() {
    Map<String, String> whole = texts(key);
    assertThatThrownBy(() -> ClientKey.of(whole)).hasMessageContaining("private part");
    assertThatThrownBy(() -> ClientKey.of(Map.of("kty", "oct", "k", "c2VjcmV0")))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> ClientKey.of(Map.of("kty", "EC")))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void onlyOneWayOfAuthenticatingAtOnce() throws Exception {
    String form = form(assertion(claims -> claims));
    assertThat(tokens.token(null, form + "&client_id=triage&client_secret=k-b").status())
        .isEqualTo(400);
    assertThat(tokens.token("Basic dHJpYWdlOng=", form).status()).isEqualTo(400);
    assertThat(tokens.token(null, form.replace("jwt-bearer", "saml2-bearer")).status())
        .isEqualTo(400);
    assertThat(tokens.token(null, form + "&client_id=writer").status()).isEqualTo(401);
  }

  @Test
  void whileItsMemoryIsFullNoFurtherAssertionIsTaken() throws Exception {
    tokens.replace(Optional.of(config(new TokenEndpointLimits(60, 600, 10, 2))));
    assertThat(ask(assertion(claims -> claims)).status()).isEqualTo(200);
    assertThat(ask(assertion(claims -> claims)).status()).isEqualTo(200);
    assertThat(ask(assertion(claims -> claims)).status()).isEqualTo(401);
    clock.advance(Duration.ofMinutes(2));
    assertThat(ask(assertion(claims -> claims)).status()).isEqualTo(200);
  }

  @Test
  void metadataNamesTheWay() throws Exception {
    String document = tokens.document("/.well-known/oauth-authorization-server").orElseThrow();
    assertThat(JSONObjectUtils.parse(document).get("token_endpoint_auth_methods_supported"))
        .asString()
        .contains("private_key_jwt", "client_secret_basic");
    assertThat(document).contains("token_endpoint_auth_signing_alg_values_supported", "ES256");
  }

  private TokenReply ask(String assertion) {
    return tokens.token(null, form(assertion) + "&client_id=triage");
  }

  private static String form(String assertion) {
    return "grant_type=client_credentials&client_assertion_type="
        + URLEncoder.encode(ClientAssertions.TYPE, StandardCharsets.UTF_8)
        + "&client_assertion="
        + assertion;
  }

  private String assertion(UnaryOperator<JWTClaimsSet.Builder> change) throws Exception {
    return signed(key, JOSEObjectType.JWT, change.apply(claims()));
  }

  private JWTClaimsSet.Builder claims() {
    return new JWTClaimsSet.Builder()
        .issuer("triage")
        .subject("triage")
        .audience(ISSUER)
        .expirationTime(in(Duration.ofMinutes(1)))
        .jwtID(UUID.randomUUID().toString());
  }

  private Date in(Duration time) {
    return Date.from(clock.instant().plus(time));
  }

  private static String signed(ECKey key, JOSEObjectType type, JWTClaimsSet.Builder claims)
      throws Exception {
    SignedJWT jwt =
        new SignedJWT(
            new JWSHeader.Builder(JWSAlgorithm.ES256).keyID(key.getKeyID()).type(type).build(),
            claims.build());
    jwt.sign(new ECDSASigner(key));
    return jwt.serialize();
  }

  private static ECKey key(String id) {
    try {
      return new ECKeyGenerator(Curve.P_256).keyID(id).generate();
    } catch (com.nimbusds.jose.JOSEException e) {
      throw new IllegalStateException(e);
    }
  }

  private static ClientKey publicKey(JWK key) {
    return ClientKey.of(texts(key.toPublicJWK()));
  }

  private static Map<String, String> texts(JWK key) {
    Map<String, String> texts = new HashMap<>();
    key.toJSONObject().forEach((name, value) -> texts.put(name, String.valueOf(value)));
    return texts;
  }

  private AuthConfig config(TokenEndpointLimits limits) {
    return new AuthConfig(
        URI.create(ISSUER + "/mcp"),
        List.of(),
        List.of(),
        true,
        List.of(),
        Optional.of(
            new OwnIssuerConfig(
                URI.create(ISSUER),
                OwnIssuerConfig.TOKEN_LIFETIME_DEFAULT,
                directory.resolve("token-keys.json"),
                limits)),
        TokenLimits.DEFAULT);
  }
}
