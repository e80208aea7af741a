package dev.gatehouse.connectors.oauth;

import java.security.PrivateKey;
import java.security.interfaces.ECKey;
import java.security.interfaces.RSAKey;

/** A JWS algorithm (RFC 7518, RFC 8037) that the JDK signs with; all are asymmetric. */
public enum SigningAlgorithm {
  ES256("EC", "SHA256withECDSAinP1363Format", 256),
  ES384("EC", "SHA384withECDSAinP1363Format", 384),
  RS256("RSA", "SHA256withRSA", 2_048),
  PS256("RSA", "RSASSA-PSS", 2_048),
  EdDSA("Ed25519", "Ed25519", 0);

  private final String keyAlgorithm;
  private final String signature;
  private final int bits;

  SigningAlgorithm(String keyAlgorithm, String signature, int bits) {
    this.keyAlgorithm = keyAlgorithm;
    this.signature = signature;
    this.bits = bits;
  }

  String keyAlgorithm() {
    return keyAlgorithm;
  }

  String signature() {
    return signature;
  }

  /** Whether the key is of its curve, or long enough. */
  boolean fits(PrivateKey key) {
    return switch (key) {
      case ECKey ec -> ec.getParams().getCurve().getField().getFieldSize() == bits;
      case RSAKey rsa -> bits > 0 && rsa.getModulus().bitLength() >= bits;
      default -> this == EdDSA;
    };
  }
}
