package dev.gatehouse.connectors.oauth;

import java.math.BigInteger;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.MessageDigest;
import java.security.interfaces.ECPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.time.Instant;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * A key to which tokens are bound, and proofs of its possession (RFC 9449). It is kept beside the
 * tokens that are bound to it.
 */
final class DpopKey {

  private static final Base64.Encoder BASE64URL = Base64.getUrlEncoder().withoutPadding();
  private static final int COORDINATE_BYTES = 32;

  private final SigningKey key;
  private final Map<String, String> publicJwk;
  private final Secrets secrets;

  private DpopKey(SigningKey key, Map<String, String> publicJwk, Secrets secrets) {
    this.key = key;
    this.publicJwk = publicJwk;
    this.secrets = secrets;
  }

  /** A new key on the curve P-256. */
  static DpopKey generate(Secrets secrets) {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(new ECGenParameterSpec("secp256r1"));
      KeyPair pair = generator.generateKeyPair();
      ECPublicKey open = (ECPublicKey) pair.getPublic();
      Map<String, String> jwk =
          jwk(coordinate(open.getW().getAffineX()), coordinate(open.getW().getAffineY()));
      return new DpopKey(
          new SigningKey(pair.getPrivate(), SigningAlgorithm.ES256, ""), jwk, secrets);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("the JDK has no curve P-256", e);
    }
  }

  /** The key that {@link #members} described. */
  static DpopKey restore(JsonDocument members, Secrets secrets) {
    SigningKey key = SigningKey.ofPem(members.text("key").orElse(""), SigningAlgorithm.ES256, "");
    return new DpopKey(
        key, jwk(members.text("x").orElse(""), members.text("y").orElse("")), secrets);
  }

  /** What it takes to have the key again; secret. */
  Map<String, String> members() {
    return Map.of(
        "key",
        Base64.getEncoder().encodeToString(key.key().getEncoded()),
        "x",
        publicJwk.getOrDefault("x", ""),
        "y",
        publicJwk.getOrDefault("y", ""));
  }

  /**
   * A proof for one request.
   *
   * @param token the token that is shown with it; empty at a token endpoint
   * @param nonce what the server gave
   */
  String proof(
      String method, URI url, Optional<String> token, Optional<String> nonce, Instant now) {
    Map<String, Object> claims = new LinkedHashMap<>();
    claims.put("jti", secrets.token());
    claims.put("htm", method);
    claims.put("htu", withoutQuery(url));
    claims.put("iat", now.getEpochSecond());
    token.ifPresent(shown -> claims.put("ath", digest(shown)));
    nonce.ifPresent(given -> claims.put("nonce", given));
    return key.sign(Map.of("typ", "dpop+jwt", "jwk", publicJwk), claims);
  }

  static String digest(String text) {
    try {
      byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
      return BASE64URL.encodeToString(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("the JDK has no SHA-256", e);
    }
  }

  private static Map<String, String> jwk(String x, String y) {
    return Map.of("kty", "EC", "crv", "P-256", "x", x, "y", y);
  }

  private static String withoutQuery(URI url) {
    return Discovery.origin(url) + (url.getRawPath() == null ? "" : url.getRawPath());
  }

  private static String coordinate(BigInteger value) {
    byte[] all = value.toByteArray();
    byte[] fixed = new byte[COORDINATE_BYTES];
    int length =
        Math.min(all.length, COORDINATE_BYTES); // one more, a zero, where the top bit is set
    System.arraycopy(all, all.length - length, fixed, COORDINATE_BYTES - length, length);
    return BASE64URL.encodeToString(fixed);
  }
}
