package dev.gatehouse.connectors.oauth;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Challenges as servers write them. */
class WwwAuthenticateTest {

  @Test
  void severalChallengesInOneHeaderAreToldApart() {
    assertThat(
            WwwAuthenticate.parse(
                "Basic realm=\"a, b=\\\"c\\\"\", Bearer scope=\"x y\" , error=invalid_token,DPoP"
                    + " algs=\"ES256\""))
        .containsExactly(
            new WwwAuthenticate("basic", Map.of("realm", "a, b=\"c\"")),
            new WwwAuthenticate("bearer", Map.of("scope", "x y", "error", "invalid_token")),
            new WwwAuthenticate("dpop", Map.of("algs", "ES256")));
  }

  @Test
  void theChallengeThatNamesMetadataIsAnswered() {
    WwwAuthenticate chosen =
        WwwAuthenticate.of(
            List.of(
                "Basic realm=x", "Bearer error=\"e\"", "DPoP resource_metadata=\"https://r/\""));

    assertThat(chosen.scheme()).isEqualTo("dpop");
    assertThat(chosen.param("resource_metadata")).contains("https://r/");
  }

  @Test
  void aBareSchemeOrNoneAtAllSaysNothing() {
    assertThat(WwwAuthenticate.parse("Bearer")).containsExactly(WwwAuthenticate.NONE);
    assertThat(WwwAuthenticate.of(List.of())).isEqualTo(WwwAuthenticate.NONE);
    assertThat(WwwAuthenticate.of(List.of("Negotiate"))).isEqualTo(WwwAuthenticate.NONE);
  }

  @Test
  void whatIsMalformedEndsTheReadingAndNothingElse() {
    assertThat(WwwAuthenticate.parse("Bearer scope=\"open")).hasSize(1);
    assertThat(WwwAuthenticate.parse("=,=\"\",,,\"")).isEmpty();
    assertThat(WwwAuthenticate.parse("Bearer " + "x=y,".repeat(10_000))).isEmpty();
  }

  @Test
  void theFirstOfTwoParamsWithOneNameCounts() {
    assertThat(WwwAuthenticate.parse("Bearer scope=a, Scope=b").getFirst().param("scope"))
        .contains("a");
  }
}
