package dev.gatehouse.connectors.oauth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.PSSParameterSpec;
import java.util.Base64;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Signed tokens. */
class SigningKeyTest {

  @ParameterizedTest
  @CsvSource({
    "ES256,EC,256",
    "ES384,EC,384",
    "RS256,RSA,2048",
    "PS256,RSA,2048",
    "EdDSA,Ed25519,255"
  })
  void whatIsSignedVerifies(SigningAlgorithm algorithm, String type, int bits) throws Exception {
    KeyPair pair = pair(type, bits);
    SigningKey key = SigningKey.ofPem(pem(pair), algorithm, "k1");

    String[] parts = key.sign(Map.of("typ", "JWT"), Map.of("sub", "s")).split("\\.", -1);

    JsonDocument header = JsonDocument.read(Base64.getUrlDecoder().decode(parts[0])).orElseThrow();
    assertThat(header.text("alg")).contains(algorithm.name());
    assertThat(header.text("kid")).contains("k1");
    Signature check = Signature.getInstance(algorithm.signature());
    if (algorithm == SigningAlgorithm.PS256) {
      check.setParameter(new PSSParameterSpec("SHA-256", "MGF1", MGF1ParameterSpec.SHA256, 32, 1));
    }
    check.initVerify(pair.getPublic());
    check.update((parts[0] + "." + parts[1]).getBytes(StandardCharsets.US_ASCII));
    assertThat(check.verify(Base64.getUrlDecoder().decode(parts[2]))).isTrue();
    assertThat(parts[2]).doesNotContain("=");
  }

  @Test
  void aKeyOfAnotherCurveOrTooShortIsRefused() throws Exception {
    String curve = pem(pair("EC", 384));
    String small = pem(pair("RSA", 1_024));

    assertThatThrownBy(() -> SigningKey.ofPem(curve, SigningAlgorithm.ES256, ""))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> SigningKey.ofPem(small, SigningAlgorithm.RS256, ""))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void aTextThatIsNoKeyIsNotQuoted() {
    assertThatThrownBy(() -> SigningKey.ofPem("hush", SigningAlgorithm.ES256, ""))
        .hasMessageNotContaining("hush")
        .hasNoCause();
  }

  private static KeyPair pair(String type, int bits) throws Exception {
    KeyPairGenerator generator = KeyPairGenerator.getInstance(type);
    if (!type.equals("Ed25519")) {
      generator.initialize(bits);
    }
    return generator.generateKeyPair();
  }

  private static String pem(KeyPair pair) {
    return "-----BEGIN PRIVATE KEY-----\n"
        + Base64.getMimeEncoder().encodeToString(pair.getPrivate().getEncoded())
        + "\n-----END PRIVATE KEY-----\n";
  }
}
