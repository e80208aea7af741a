package dev.gatehouse.registry;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.util.JSONObjectUtils;
import dev.gatehouse.core.call.Principal;
import dev.gatehouse.core.json.Digest;
import dev.gatehouse.core.registry.AgentId;
import dev.gatehouse.core.registry.AgentStatus;
import dev.gatehouse.core.registry.Authentication;
import dev.gatehouse.core.registry.Authentication.Authenticated;
import dev.gatehouse.core.registry.Authentication.Unauthenticated;
import dev.gatehouse.registry.token.AuthConfig;
import dev.gatehouse.registry.token.OwnIssuerConfig;
import dev.gatehouse.registry.token.TokenEndpointLimits;
import dev.gatehouse.registry.token.TokenLimits;
import dev.gatehouse.registry.token.TokenService;
import dev.gatehouse.testkit.ManualClock;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whatever an agent shows, in each of the ways that a gateway can be set up. */
class LiveAuthenticatorTest {

  @TempDir Path directory;
  private final ManualClock clock = new ManualClock();
  private final AgentKeys.GeneratedKey key = AgentKeys.generate();
  private final LiveRegistry registry = LiveRegistry.of(List.of(entry(key.digest())));

  @SuppressWarnings("NullAway.Init")
  private TokenService tokens;

  @SuppressWarnings("NullAway.Init")
  private LiveAuthenticator authenticator;

  @BeforeEach
  void start() throws Exception {
    tokens = TokenService.start(registry, clock, Optional.empty());
    authenticator = new LiveAuthenticator(registry, tokens);
  }

  @AfterEach
  void close() {
    tokens.close();
  }

  @Test
  void keyOpensWhereKeysAreTakenInEitherHeader() throws Exception {
    assertThat(principal(authenticator.authenticate(bearer(key.key()), null)).until()).isEmpty();
    assertThat(authenticator.authenticate(null, key.key())).isInstanceOf(Authenticated.class);
    tokens.replace(Optional.of(config(true)));
    assertThat(authenticator.authenticate(bearer(key.key()), null))
        .isInstanceOf(Authenticated.class);
    assertThat(authenticator.authenticate(null, key.key())).isInstanceOf(Authenticated.class);
  }

  @Test
  void keyIsOnlyGoodForATokenWhereItMustBeExchanged() throws Exception {
    tokens.replace(Optional.of(config(false)));
    assertThat(reason(authenticator.authenticate(bearer(key.key()), null)))
        .contains("exchange it for a token");
    assertThat(reason(authenticator.authenticate(null, key.key())))
        .contains("exchange it for a token");

    Principal principal = principal(authenticator.authenticate(bearer(token()), null));
    assertThat(principal.agent()).isEqualTo(new AgentId("triage"));
    assertThat(principal.until()).isPresent();
  }

  @Test
  void tokenIsGoodUntilItsPrincipalSaysAndNoLonger() throws Exception {
    tokens.replace(Optional.of(config(true)));
    String token = token();
    Duration left =
        Duration.between(
            clock.instant(),
            principal(authenticator.authenticate(bearer(token), null)).until().orElseThrow());
    clock.advance(left.minusMillis(1));
    assertThat(authenticator.authenticate(bearer(token), null)).isInstanceOf(Authenticated.class);
    clock.advance(Duration.ofMillis(1));
    assertThat(authenticator.authenticate(bearer(token), null)).isInstanceOf(Unauthenticated.class);
  }

  @Test
  void tokenIsNothingWhereNoneAreTaken() throws Exception {
    tokens.replace(Optional.of(config(true)));
    String token = token();
    tokens.replace(Optional.empty());
    assertThat(authenticator.authenticate(bearer(token), null)).isInstanceOf(Unauthenticated.class);
    assertThat(authenticator.awaited(bearer(token))).isEmpty();
  }

  @Test
  void tokenIsNotTakenAsAnApiKeyAndNothingIsNotTakenAtAll() throws Exception {
    tokens.replace(Optional.of(config(true)));
    assertThat(authenticator.authenticate(null, token())).isInstanceOf(Unauthenticated.class);
    assertThat(reason(authenticator.authenticate(null, null))).contains("no credential");
    tokens.replace(Optional.of(config(false)));
    assertThat(reason(authenticator.authenticate(null, null))).contains("no credential");
  }

  @Test
  void badTokenIsNotTriedAsAKeyNorCoveredByAGoodOne() throws Exception {
    tokens.replace(Optional.of(config(true)));
    assertThat(authenticator.authenticate(bearer(token() + "x"), key.key()))
        .isInstanceOf(Unauthenticated.class);
  }

  private String token() throws Exception {
    String reply =
        tokens
            .token(
                null, "grant_type=client_credentials&client_id=triage&client_secret=" + key.key())
            .json();
    return String.valueOf(JSONObjectUtils.parse(reply).get("access_token"));
  }

  private AuthConfig config(boolean keysAccepted) {
    return new AuthConfig(
        URI.create("https://gw.example/mcp"),
        List.of(),
        List.of(),
        keysAccepted,
        List.of(),
        Optional.of(
            new OwnIssuerConfig(
                URI.create("https://gw.example"),
                OwnIssuerConfig.TOKEN_LIFETIME_DEFAULT,
                directory.resolve("token-keys.json"),
                TokenEndpointLimits.DEFAULT)),
        TokenLimits.DEFAULT);
  }

  private static AgentEntry entry(Digest credential) {
    return new AgentEntry(
        new AgentId("triage"),
        "Ann",
        "",
        Map.of(),
        Set.of(credential),
        List.of(),
        Set.of(),
        List.of(),
        OptionalInt.empty(),
        AgentStatus.ACTIVE,
        "");
  }

  private static String bearer(String credential) {
    return "Bearer " + credential;
  }

  private static Principal principal(Authentication who) {
    assertThat(who).isInstanceOf(Authenticated.class);
    return ((Authenticated) who).principal();
  }

  private static String reason(Authentication who) {
    assertThat(who).isInstanceOf(Unauthenticated.class);
    return ((Unauthenticated) who).reason();
  }
}
