package dev.gatehouse.gateway.notify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Signatures that other people's libraries make and check. */
final class WebhookSecretTest {

  /** The example of Standard Webhooks' own libraries. */
  private static final WebhookSecret SECRET =
      new WebhookSecret("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw");

  private static final String ID = "msg_p5jXN8AQM9LWM0D4loKWxJek";
  private static final String AT = "1614265330";
  private static final byte[] BODY = "{\"test\": 2432232314}".getBytes(StandardCharsets.UTF_8);
  private static final String SIGNATURE = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=";

  @Test
  void itSignsAsStandardWebhooksDoes() {
    assertThat(SECRET.sign(ID, AT, BODY)).isEqualTo(SIGNATURE);
  }

  @Test
  void oneSignatureOfSeveralIsEnough() {
    assertThat(SECRET.signed(ID, AT, BODY, SIGNATURE)).isTrue();
    assertThat(SECRET.signed(ID, AT, BODY, "v1,AAAA v1a,BBBB " + SIGNATURE)).isTrue();
  }

  @Test
  void whatIsSignedIsIdTimeAndBodyAndNothingOfThemCanChange() {
    byte[] other = "{\"test\": 2432232315}".getBytes(StandardCharsets.UTF_8);
    assertThat(SECRET.signed(ID + "x", AT, BODY, SIGNATURE)).isFalse();
    assertThat(SECRET.signed(ID, "1614265331", BODY, SIGNATURE)).isFalse();
    assertThat(SECRET.signed(ID, AT, other, SIGNATURE)).isFalse();
    assertThat(SECRET.signed(ID, AT, BODY, SIGNATURE.replace("v1,", "v2,"))).isFalse();
    assertThat(SECRET.signed(ID, AT, BODY, "")).isFalse();
    assertThat(
            new WebhookSecret("whsec_" + Base64.getEncoder().encodeToString(new byte[24]))
                .signed(ID, AT, BODY, SIGNATURE))
        .isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "hunter2hunter2hunter2hunter2hunter2",
        "whsec_",
        "whsec_not base64!",
        "whsec_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=="
      })
  void whatIsNoSecretIsRefusedAndNotRepeated(String text) {
    assertThatThrownBy(() -> new WebhookSecret(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("24 to 64 bytes")
        .message()
        .doesNotContain("hunter2", "AAAA");
  }

  @Test
  void itIsNotShown() {
    assertThat(SECRET.toString()).doesNotContain("MfKQ");
  }
}
