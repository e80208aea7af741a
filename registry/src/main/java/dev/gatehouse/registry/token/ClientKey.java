package dev.gatehouse.registry.token;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSVerifier;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import java.text.ParseException;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;

/**
 * A public key of an agent, by which it proves who it is with assertions that it signs itself (RFC
 * 7523): no secret of its leaves it. Two are equal when they are the same key.
 */
public final class ClientKey {

  private final String thumbprint;
  private final VerificationKeys keys;

  private ClientKey(String thumbprint, VerificationKeys keys) {
    this.thumbprint = thumbprint;
    this.keys = keys;
  }

  /**
   * Reads a key.
   *
   * @param jwk a JSON Web Key (RFC 7517): RSA of 2048 bits at least, an elliptic curve, or Ed25519
   * @throws IllegalArgumentException when it is none of these, or holds a private part
   */
  public static ClientKey of(Map<String, String> jwk) {
    try {
      JWK key = JWK.parse(new HashMap<>(jwk));
      if (key.isPrivate()) {
        throw new IllegalArgumentException(
            "a public key has a private part; list only what may be known, and make a new key");
      }
      return new ClientKey(
          HexFormat.of().formatHex(key.computeThumbprint().decode()),
          VerificationKeys.of(new JWKSet(key)));
    } catch (ParseException | JOSEException e) {
      throw new IllegalArgumentException("a public key is no JWK that verifies signatures", e);
    }
  }

  /** By which rows and tokens name it: the first 12 digits of its thumbprint (RFC 7638). */
  public String credentialId() {
    return thumbprint.substring(0, 12);
  }

  /** What verifies its signatures; empty when it makes none like that. */
  Optional<JWSVerifier> verifier(Optional<String> keyId, String algorithm) {
    return keys.find(keyId, algorithm);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof ClientKey key && thumbprint.equals(key.thumbprint);
  }

  @Override
  public int hashCode() {
    return thumbprint.hashCode();
  }

  @Override
  public String toString() {
    return "ClientKey[" + credentialId() + "]";
  }
}
