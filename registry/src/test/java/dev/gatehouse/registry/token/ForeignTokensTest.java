package dev.gatehouse.registry.token;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.util.Base64URL;
import com.nimbusds.jwt.JWTClaimsSet;
import dev.gatehouse.core.registry.Authentication;
import dev.gatehouse.core.registry.Authentication.Authenticated;
import dev.gatehouse.core.registry.Authentication.Insufficient;
import dev.gatehouse.core.registry.Authentication.Unauthenticated;
import dev.gatehouse.testkit.ScriptedIssuer;
import java.security.PrivateKey;
import java.security.Signature;
import java.time.Duration;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a token of an issuer outside must be like. */
final class ForeignTokensTest extends ForeignTokens {

  @Test
  void tokenStandsForTheAgentThatListsItsSubject() throws Exception {
    Authentication who = check(issuer.token("svc-1", RESOURCE));
    assertThat(who).isInstanceOf(Authenticated.class);
    assertThat(((Authenticated) who).principal().agent().value()).isEqualTo("triage");
    assertThat(reason(check(issuer.token("svc-2", RESOURCE)))).contains("no agent");
  }

  @Test
  void removedAgentsTokenStandsForNobodyAtOnce() throws Exception {
    String token = issuer.token("svc-1", RESOURCE);
    assertThat(check(token)).isInstanceOf(Authenticated.class);
    directory.subjects.clear();
    assertThat(reason(tokens().authenticate(token))).contains("no agent");
  }

  @Test
  void claimCanNameTheAgentItself() throws Exception {
    use(config(Optional.of(issuer.keysAddress()), Optional.of("azp"), List.of()));
    assertThat(check(issuer.sign(issuer.claims("x", RESOURCE).claim("azp", "triage").build())))
        .isInstanceOf(Authenticated.class);
    assertThat(check(issuer.sign(issuer.claims("x", RESOURCE).claim("azp", "nobody").build())))
        .isInstanceOf(Unauthenticated.class);
    assertThat(check(issuer.sign(issuer.claims("x", RESOURCE).claim("azp", "a b").build())))
        .isInstanceOf(Unauthenticated.class);
  }

  @Test
  void subjectsOfTwoIssuersNeverCross() throws Exception {
    try (ScriptedIssuer other = new ScriptedIssuer(clock)) {
      directory.subject(other.name(), "svc-2", "writer");
      use(
          List.of(
              config(issuer, Optional.of(issuer.keysAddress()), Optional.empty(), List.of()),
              config(other, Optional.of(other.keysAddress()), Optional.empty(), List.of())));
      assertThat(agent(check(issuer.token("svc-1", RESOURCE)))).isEqualTo("triage");
      assertThat(agent(check(other.token("svc-2", RESOURCE)))).isEqualTo("writer");
      assertThat(check(issuer.token("svc-2", RESOURCE))).isInstanceOf(Unauthenticated.class);
      assertThat(check(other.token("svc-1", RESOURCE))).isInstanceOf(Unauthenticated.class);

      String forged = other.sign(other.claims("svc-1", RESOURCE).issuer(issuer.name()).build());
      assertThat(check(forged)).isInstanceOf(Unauthenticated.class);
    }
  }

  @Test
  void expiredTokenIsRefusedEvenIfItWasGoodBefore() throws Exception {
    String token = issuer.token("svc-1", RESOURCE);
    assertThat(check(token)).isInstanceOf(Authenticated.class);
    clock.advance(Duration.ofSeconds(60 + 29));
    assertThat(tokens().authenticate(token)).isInstanceOf(Authenticated.class);
    clock.advance(Duration.ofSeconds(1));
    assertThat(reason(tokens().authenticate(token))).contains("expired");
  }

  @ParameterizedTest
  @CsvSource({
    "exp, -31, expired",
    "nbf, 31, not valid yet",
    "iat, 31, not valid yet",
    "exp, 86431, lives longer",
  })
  void timesBeyondTheSkewAreRefused(String claim, int secondsFromNow, String reason)
      throws Exception {
    Date at = Date.from(clock.instant().plusSeconds(secondsFromNow));
    assertThat(
            reason(check(issuer.sign(issuer.claims("svc-1", RESOURCE).claim(claim, at).build()))))
        .contains(reason);
  }

  @ParameterizedTest
  @ValueSource(strings = {"exp", "aud", "iss"})
  void claimThatMustBeThereIsMissed(String claim) throws Exception {
    assertThat(check(issuer.sign(issuer.claims("svc-1", RESOURCE).claim(claim, null).build())))
        .isInstanceOf(Unauthenticated.class);
  }

  @Test
  void timesThatAreNoDatesAreRefused() throws Exception {
    assertThat(check(issuer.sign(issuer.claims("svc-1", RESOURCE).claim("nbf", "soon").build())))
        .isInstanceOf(Unauthenticated.class);
    assertThat(check(issuer.sign(issuer.claims("svc-1", RESOURCE).claim("exp", "late").build())))
        .isInstanceOf(Unauthenticated.class);
  }

  @Test
  void tokenForAnotherAudienceIsRefused() throws Exception {
    assertThat(reason(check(issuer.token("svc-1", "https://other.example/mcp"))))
        .contains("another audience");
    assertThat(
            check(
                issuer.sign(
                    issuer
                        .claims("svc-1", RESOURCE)
                        .audience(List.of("https://other.example", RESOURCE))
                        .build())))
        .isInstanceOf(Authenticated.class);
  }

  @Test
  void tokenOfAStrangerIsRefusedAndItsIssuerIsNotAsked() throws Exception {
    try (ScriptedIssuer stranger = new ScriptedIssuer(clock)) {
      assertThat(reason(check(stranger.token("svc-1", RESOURCE)))).contains("issuer is not one");
      assertThat(stranger.asked()).isZero();
    }
  }

  @Test
  void unsignedTokenIsRefused() throws Exception {
    String[] parts = issuer.token("svc-1", RESOURCE).split("\\.", -1);
    for (String alg : List.of("none", "None", "NONE")) {
      String header = encoded("{'alg':'%s'}".formatted(alg));
      assertThat(check(header + "." + parts[1] + ".")).isInstanceOf(Unauthenticated.class);
      assertThat(check(header + "." + parts[1] + "." + parts[2]))
          .isInstanceOf(Unauthenticated.class);
    }
    assertThat(check(parts[0] + "." + parts[1] + ".")).isInstanceOf(Unauthenticated.class);
  }

  @Test
  void alteredTokenIsForged() throws Exception {
    String token = issuer.token("svc-1", RESOURCE);
    String[] parts = token.split("\\.", -1);
    String other = issuer.token("svc-9", RESOURCE).split("\\.", -1)[1];
    assertThat(reason(check(parts[0] + "." + other + "." + parts[2]))).contains("signature");
    assertThat(check(token)).isInstanceOf(Authenticated.class);
  }

  @Test
  void whatMustBeUnderstoodAndIsNotIsRefused() throws Exception {
    JWSHeader critical =
        new JWSHeader.Builder(JWSAlgorithm.ES256).keyID("k1").criticalParams(Set.of("exp")).build();
    assertThat(reason(check(ScriptedIssuer.sign(claims(), issuer.key(), critical))))
        .contains("cannot be read");
    JWSHeader logout =
        new JWSHeader.Builder(JWSAlgorithm.ES256)
            .keyID("k1")
            .type(new JOSEObjectType("logout+jwt"))
            .build();
    assertThat(check(ScriptedIssuer.sign(claims(), issuer.key(), logout)))
        .isInstanceOf(Unauthenticated.class);
    assertThat(
            reason(
                check(
                    issuer.sign(
                        issuer
                            .claims("svc-1", RESOURCE)
                            .claim("cnf", Map.of("jkt", "abc"))
                            .build()))))
        .contains("bound to a key");
  }

  @Test
  void usualTypesAreTaken() throws Exception {
    for (String type : List.of("JWT", "at+jwt", "AT+JWT", "application/at+jwt")) {
      JWSHeader header =
          new JWSHeader.Builder(JWSAlgorithm.ES256)
              .keyID("k1")
              .type(new JOSEObjectType(type))
              .build();
      assertThat(check(ScriptedIssuer.sign(claims(), issuer.key(), header)))
          .isInstanceOf(Authenticated.class);
    }
  }

  @Test
  void claimThatStandsTwiceMakesTheTokenUnreadable() throws Exception {
    String good =
        new String(
            Base64URL.from(issuer.sign(claims()).split("\\.", -1)[1]).decode(),
            java.nio.charset.StandardCharsets.UTF_8);
    String twice = good.replaceFirst("\\{", "{\"sub\":\"svc-9\",");
    Signature signature = Signature.getInstance("SHA256withECDSAinP1363Format");
    signature.initSign((PrivateKey) issuer.key().toECKey().toECPrivateKey());
    String head = encoded("{'alg':'ES256','kid':'k1'}");
    for (String payload : List.of(good, twice)) {
      String signed = head + "." + Base64URL.encode(payload);
      signature.update(signed.getBytes(java.nio.charset.StandardCharsets.US_ASCII));
      Authentication who = check(signed + "." + Base64URL.encode(signature.sign()));
      assertThat(who)
          .isInstanceOf(payload.equals(good) ? Authenticated.class : Unauthenticated.class);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"a.b", "a.b.c", "....", "a.b.c.d.e", "e30.e30.", "e30.e30.e30", "é.b.c"})
  void nonsenseIsUnreadable(String token) throws Exception {
    assertThat(check(token)).isInstanceOf(Unauthenticated.class);
  }

  @Test
  void tokenIsReadUpToItsLimitOnly() throws Exception {
    String small = issuer.sign(issuer.claims("svc-1", RESOURCE).claim("x", "").build());
    int room = (TokenLimits.DEFAULT.tokenCharsMax() - small.length()) * 3 / 4 - 3;
    assertThat(
            check(
                issuer.sign(issuer.claims("svc-1", RESOURCE).claim("x", "y".repeat(room)).build())))
        .isInstanceOf(Authenticated.class);
    assertThat(
            reason(
                check(
                    issuer.sign(
                        issuer
                            .claims("svc-1", RESOURCE)
                            .claim("x", "y".repeat(room + 8))
                            .build()))))
        .contains("cannot be read");
    assertThat(check("e30.".repeat(1 << 20))).isInstanceOf(Unauthenticated.class);
  }

  @Test
  void scopesNarrowInWhicheverFormTheyCome() throws Exception {
    for (JWTClaimsSet claims :
        List.of(
            issuer.claims("svc-1", RESOURCE).claim("scope", "x mcp:read y").build(),
            issuer.claims("svc-1", RESOURCE).claim("scp", List.of("mcp:read")).build(),
            issuer.claims("svc-1", RESOURCE).claim("scp", "mcp:read").build())) {
      assertThat(((Authenticated) check(issuer.sign(claims))).principal().scopes())
          .hasValueSatisfying(s -> assertThat(s.granted()).containsExactly("mcp:read"));
    }
    assertThat(((Authenticated) check(issuer.token("svc-1", RESOURCE))).principal().scopes())
        .hasValueSatisfying(scopes -> assertThat(scopes.granted()).isEmpty());
  }

  @Test
  void tokenWithoutARequiredScopeIsInsufficientAndSaysAllThatAreNeeded() throws Exception {
    use(config(Optional.of(issuer.keysAddress()), Optional.empty(), List.of("a", "b")));
    assertThat(check(issuer.sign(issuer.claims("svc-1", RESOURCE).claim("scope", "a").build())))
        .isEqualTo(
            new Insufficient(
                "the token lacks a scope that every request needs", List.of("a", "b")));
    assertThat(check(issuer.sign(issuer.claims("svc-1", RESOURCE).claim("scope", "b a").build())))
        .isInstanceOf(Authenticated.class);
  }

  @Test
  void refusalsNeverRepeatWhatWasSent() throws Exception {
    String token = issuer.token("svc-2", RESOURCE);
    assertThat(check(token).toString()).doesNotContain(token).doesNotContain("svc-2");
  }

  @Test
  void moreTokensThanAreKeptAreVerifiedAgain() throws Exception {
    limits = new TokenLimits(8192, Duration.ofDays(1), 1, HOUR, HOUR, Duration.ofSeconds(3), HOUR);
    List<String> many =
        java.util.stream.IntStream.range(0, 20)
            .mapToObj(i -> issuer.sign(issuer.claims("svc-1", RESOURCE).jwtID("j" + i).build()))
            .toList();
    for (int round = 0; round < 2; round++) {
      for (String token : many) {
        assertThat(check(token)).isInstanceOf(Authenticated.class);
      }
    }
  }

  private static String encoded(String json) {
    return Base64URL.encode(json.replace('\'', '"')).toString();
  }
}
