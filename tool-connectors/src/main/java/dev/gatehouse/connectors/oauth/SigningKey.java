package dev.gatehouse.connectors.oauth;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.PSSParameterSpec;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A private key that signs JSON Web Tokens. Its {@code toString} shows the algorithm only.
 *
 * @param key the private key, which fits the algorithm
 * @param keyId the {@code kid} of the header; empty for none
 */
public record SigningKey(PrivateKey key, SigningAlgorithm algorithm, String keyId) {

  private static final Base64.Encoder BASE64URL = Base64.getUrlEncoder().withoutPadding();

  public SigningKey {
    if (!algorithm.fits(key)) {
      throw new IllegalArgumentException("the private key does not fit the algorithm " + algorithm);
    }
  }

  /**
   * The key of a PEM text ({@code -----BEGIN PRIVATE KEY-----}, PKCS #8).
   *
   * @throws IllegalArgumentException when it is none, or not one of the algorithm
   */
  public static SigningKey ofPem(String pem, SigningAlgorithm algorithm, String keyId) {
    String base64 =
        pem.replace("-----BEGIN PRIVATE KEY-----", "")
            .replace("-----END PRIVATE KEY-----", "")
            .replaceAll("\\s", "");
    try {
      PrivateKey key =
          KeyFactory.getInstance(algorithm.keyAlgorithm())
              .generatePrivate(new PKCS8EncodedKeySpec(Base64.getDecoder().decode(base64)));
      return new SigningKey(key, algorithm, keyId);
    } catch (GeneralSecurityException | IllegalArgumentException e) {
      // The cause may quote the text, which is the secret.
      throw new IllegalArgumentException(
          "not a private key for " + algorithm + " in PEM form (PKCS #8: BEGIN PRIVATE KEY)");
    }
  }

  /** The compact form of a signed token. */
  String sign(Map<String, ?> header, Map<String, ?> claims) {
    Map<String, Object> whole = new LinkedHashMap<>();
    whole.put("alg", algorithm.name());
    if (!keyId.isEmpty()) {
      whole.put("kid", keyId);
    }
    whole.putAll(header);
    String signed = part(whole) + "." + part(claims);
    return signed + "." + BASE64URL.encodeToString(signature(signed));
  }

  @Override
  public String toString() {
    return "SigningKey[" + algorithm + "]";
  }

  private byte[] signature(String text) {
    try {
      Signature signature = Signature.getInstance(algorithm.signature());
      if (algorithm == SigningAlgorithm.PS256) {
        signature.setParameter(
            new PSSParameterSpec("SHA-256", "MGF1", MGF1ParameterSpec.SHA256, 32, 1));
      }
      signature.initSign(key);
      signature.update(text.getBytes(StandardCharsets.US_ASCII));
      return signature.sign();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("cannot sign with " + algorithm, e);
    }
  }

  private static String part(Map<String, ?> tree) {
    return BASE64URL.encodeToString(JsonDocument.write(tree));
  }
}
