package dev.gatehouse.llm.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class TokenEstimateTest {

  private static TokenEstimate of(String body) {
    return TokenEstimate.of(body.getBytes(StandardCharsets.UTF_8), 1_024);
  }

  @Test
  void theAnswerIsAsLongAsTheRequestAllows() {
    assertThat(of("{\"max_tokens\":7}").outputTokens()).isEqualTo(7);
    assertThat(of("{\"max_completion_tokens\":8,\"n\":3}").outputTokens()).isEqualTo(24);
    assertThat(of("{\"max_output_tokens\":9}").outputTokens()).isEqualTo(9);
    assertThat(of("{}").outputTokens()).isEqualTo(1_024);
    assertThat(of("{\"n\":2}").outputTokens()).isEqualTo(2_048);
  }

  @Test
  void onlyTheRequestsOwnMembersSay() {
    assertThat(of("{\"metadata\":{\"max_tokens\":1}}").outputTokens()).isEqualTo(1_024);
    assertThat(of("{\"max_tokens\":\"1\"}").outputTokens()).isEqualTo(1_024);
    assertThat(of("{\"max_tokens\":-5,\"n\":-1}").outputTokens()).isZero();
    assertThat(of("{\"max_tokens\":999999999999999999999}").outputTokens()).isEqualTo(1_024);
  }

  @Test
  void fourBytesAreATokenAndAnImageIsNotItsBytes() {
    String text = "{\"input\":\"" + "word".repeat(1_000) + "\"}";
    String image =
        "{\"messages\":[{\"content\":[{\"image_url\":{\"url\":\"data:image/png;base64,"
            + "A".repeat(400_000)
            + "\"}}]}]}";

    assertThat(of(text).inputTokens()).isBetween(1_000L, 1_010L);
    assertThat(of(image).inputTokens()).isBetween(1_600L, 1_650L);
  }
}
