package dev.gatehouse.registry.token;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSVerifier;
import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.crypto.RSASSAVerifier;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.KeyOperation;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.OctetKeyPair;
import com.nimbusds.jose.jwk.RSAKey;
import java.text.ParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The public keys of an issuer that verify signatures. Immutable. What cannot verify one (shared
 * secrets, encryption keys, RSA keys that are too short) is left out.
 */
final class VerificationKeys {

  /** Most keys of one issuer. */
  static final int KEYS_MAX = 100;

  /** Shortest RSA key (RFC 7518, section 3.3). */
  static final int RSA_BITS_MIN = 2048;

  private final List<Key> keys;

  private VerificationKeys(List<Key> keys) {
    this.keys = List.copyOf(keys);
  }

  private record Key(JWK jwk, JWSVerifier verifier) {
    boolean fits(JWSAlgorithm algorithm) {
      return verifier.supportedJWSAlgorithms().contains(algorithm)
          && (jwk.getAlgorithm() == null
              || jwk.getAlgorithm().getName().equals(algorithm.getName()));
    }
  }

  /**
   * Reads a JWK set (RFC 7517).
   *
   * @throws ParseException when it is none, or has no key that verifies signatures
   */
  static VerificationKeys parse(String jwks) throws ParseException {
    return of(JWKSet.parse(jwks));
  }

  /** The same of a set that was read already. */
  static VerificationKeys of(JWKSet set) throws ParseException {
    List<Key> keys = new ArrayList<>();
    for (JWK jwk : set.getKeys()) {
      if (keys.size() < KEYS_MAX && forSignatures(jwk)) {
        verifier(jwk).ifPresent(verifier -> keys.add(new Key(jwk, verifier)));
      }
    }
    if (keys.isEmpty()) {
      throw new ParseException("no key in it verifies signatures", 0);
    }
    return new VerificationKeys(keys);
  }

  /**
   * The verifier of the key with that id, if it is one for the algorithm. A token without an id is
   * only good where no choice is left.
   */
  Optional<JWSVerifier> find(Optional<String> keyId, String algorithm) {
    JWSAlgorithm wanted = JWSAlgorithm.parse(algorithm);
    List<Key> found =
        keys.stream()
            .filter(key -> keyId.isEmpty() || keyId.get().equals(key.jwk().getKeyID()))
            .filter(key -> key.fits(wanted))
            .limit(2)
            .toList();
    return found.size() == 1 ? Optional.of(found.getFirst().verifier()) : Optional.empty();
  }

  private static boolean forSignatures(JWK jwk) {
    return (jwk.getKeyUse() == null || jwk.getKeyUse().equals(KeyUse.SIGNATURE))
        && (jwk.getKeyOperations() == null
            || jwk.getKeyOperations().isEmpty()
            || jwk.getKeyOperations().contains(KeyOperation.VERIFY));
  }

  private static Optional<JWSVerifier> verifier(JWK jwk) {
    try {
      return switch (jwk) {
        case RSAKey rsa when rsa.size() >= RSA_BITS_MIN ->
            Optional.of(new RSASSAVerifier(rsa.toRSAPublicKey()));
        case ECKey ec -> Optional.of(new ECDSAVerifier(ec.toECPublicKey()));
        case OctetKeyPair pair when pair.getCurve().equals(Curve.Ed25519) ->
            Optional.of(new Ed25519Verifier(pair));
        default -> Optional.empty();
      };
    } catch (JOSEException | RuntimeException e) {
      return Optional.empty(); // a key that cannot be made sense of helps nobody
    }
  }
}
