package dev.gatehouse.registry.token;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.OctetSequenceKey;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jose.util.Base64URL;
import com.nimbusds.jwt.SignedJWT;
import dev.gatehouse.core.registry.Authentication.Authenticated;
import dev.gatehouse.core.registry.Authentication.Unauthenticated;
import dev.gatehouse.core.registry.Authentication.Unavailable;
import dev.gatehouse.testkit.ScriptedIssuer;
import java.net.URI;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The keys by which tokens of an issuer outside are checked, and where they come from. */
final class IssuerKeysTest extends ForeignTokens {

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

  private static String encoded(String json) {
    return Base64URL.encode(json.replace('\'', '"')).toString();
  }
}
