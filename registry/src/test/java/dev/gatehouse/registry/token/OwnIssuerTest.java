package dev.gatehouse.registry.token;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jose.util.JSONObjectUtils;
import dev.gatehouse.core.registry.AgentId;
import dev.gatehouse.core.registry.AgentStatus;
import dev.gatehouse.core.registry.Authentication;
import dev.gatehouse.core.registry.Authentication.Authenticated;
import dev.gatehouse.core.registry.Authentication.Unauthenticated;
import dev.gatehouse.core.registry.Scope;
import dev.gatehouse.testkit.ManualClock;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Keys in, short-lived tokens out. */
class OwnIssuerTest {

  private static final String GRANT = "grant_type=client_credentials";

  @TempDir Path directory;
  private final ManualClock clock = new ManualClock();
  private final Directory agents = new Directory().key("k-a", "triage").key("k-b", "writer");

  @SuppressWarnings("NullAway.Init")
  private TokenService tokens;

  @BeforeEach
  void start() throws IOException {
    tokens = service();
  }

  @AfterEach
  void close() {
    tokens.close();
  }

  @Test
  void keyIsExchangedForATokenThatStandsForItsAgentUntilItExpires() throws Exception {
    TokenReply reply = tokens.token(null, GRANT + "&client_id=triage&client_secret=k-a");

    assertThat(reply.status()).isEqualTo(200);
    Map<String, Object> json = JSONObjectUtils.parse(reply.json());
    assertThat(json)
        .containsEntry("token_type", "Bearer")
        .containsEntry("expires_in", 600L)
        .containsEntry("scope", "read all");
    String token = String.valueOf(json.get("access_token"));
    Authentication who = tokens.authenticate(token);
    assertThat(who).isInstanceOf(Authenticated.class);
    assertThat(((Authenticated) who).principal().agent()).isEqualTo(new AgentId("triage"));
    assertThat(reply.issued().orElseThrow().credentialId())
        .isEqualTo(((Authenticated) who).principal().credentialId());
    clock.advance(Duration.ofSeconds(606));
    assertThat(tokens.authenticate(token)).isInstanceOf(Unauthenticated.class);
  }

  @Test
  void tokenEndsWithTheKeyThatItWasGotFor() throws Exception {
    String token = token("triage", "k-a", "");
    assertThat(tokens.authenticate(token)).isInstanceOf(Authenticated.class);
    agents.keys.remove("k-a");
    assertThat(tokens.authenticate(token)).isInstanceOf(Unauthenticated.class);
  }

  @ParameterizedTest
  @CsvSource({
    "'&client_id=triage&client_secret=k-b', 401, invalid_client",
    "'&client_id=triage&client_secret=wrong', 401, invalid_client",
    "'&client_id=triage', 401, invalid_client",
    "'&client_secret=k-a', 401, invalid_client",
    "'&client_id=triage&client_secret=k-a&client_secret=k-a', 400, invalid_request",
    "'&client_id=triage&client_secret=k-a&scope=admin', 400, invalid_scope",
    "'&client_id=triage&client_secret=k-a&resource=https://other.example/mcp', 400, invalid_target",
    "'&client_id=triage&client_secret=k-a&x=%zz', 400, invalid_request",
    "'&client_id=triage&client_secret=k-a&grant_type=password', 400, invalid_request",
  })
  void badRequestsGetTheErrorOfTheStandard(String form, int status, String error) throws Exception {
    TokenReply reply = tokens.token(null, GRANT + form);
    assertThat(reply.status()).isEqualTo(status);
    assertThat(JSONObjectUtils.parse(reply.json())).containsEntry("error", error);
    assertThat(reply.json()).doesNotContain("k-a").doesNotContain("wrong");
    assertThat(reply.issued()).isEmpty();
  }

  @Test
  void otherGrantsAreNotOffered() throws Exception {
    TokenReply reply = tokens.token(null, "grant_type=password&client_id=triage&client_secret=k-a");
    assertThat(JSONObjectUtils.parse(reply.json()))
        .containsEntry("error", "unsupported_grant_type");
  }

  @Test
  void formIsReadUpToItsLimitOnly() {
    String good = GRANT + "&client_id=triage&client_secret=k-a&pad=";
    String fits = good + "x".repeat(TokenRequest.FORM_CHARS_MAX - good.length());
    assertThat(tokens.token(null, fits).status()).isEqualTo(200);
    assertThat(tokens.token(null, fits + "x").status()).isEqualTo(400);
  }

  @Test
  void basicAuthenticationServesAndTwoWaysAtOnceDoNot() {
    String basic =
        "Basic "
            + Base64.getEncoder().encodeToString("triage:k-a".getBytes(StandardCharsets.UTF_8));
    assertThat(tokens.token(basic, GRANT).status()).isEqualTo(200);
    assertThat(tokens.token(basic, GRANT + "&client_id=writer").status()).isEqualTo(400);
    assertThat(tokens.token(basic, GRANT + "&client_id=triage&client_secret=k-a").status())
        .isEqualTo(400);
    assertThat(tokens.token("Bearer k-a", GRANT).status()).isEqualTo(400);
    assertThat(tokens.token("Basic !", GRANT).status()).isEqualTo(400);
    TokenReply unknown =
        tokens.token("Basic " + Base64.getEncoder().encodeToString(new byte[] {'x', ':'}), GRANT);
    assertThat(unknown.status()).isEqualTo(401);
    assertThat(unknown.challenge()).startsWith("Basic");
  }

  @Test
  void suspendedAgentGetsNoToken() throws Exception {
    agents.agents.put(new AgentId("triage"), AgentStatus.SUSPENDED);
    TokenReply reply = tokens.token(null, GRANT + "&client_id=triage&client_secret=k-a");
    assertThat(JSONObjectUtils.parse(reply.json())).containsEntry("error", "unauthorized_client");
  }

  @Test
  void agentsTokensNeverCrossAndCarryWhatWasAskedFor() throws Exception {
    Authenticated a = (Authenticated) tokens.authenticate(token("triage", "k-a", "&scope=read"));
    Authenticated b = (Authenticated) tokens.authenticate(token("writer", "k-b", "&scope=all"));
    assertThat(a.principal().agent().value()).isEqualTo("triage");
    assertThat(b.principal().agent().value()).isEqualTo("writer");
    assertThat(a.principal().scopes().orElseThrow().granted()).containsExactly("read");
    assertThat(b.principal().scopes().orElseThrow().granted()).containsExactly("all");
  }

  @Test
  void resourceIsTakenInEachOfItsSpellings() {
    for (String resource :
        List.of("https://gw.example/mcp", "HTTPS://GW.Example/mcp", "https://gw.example/mcp/")) {
      assertThat(
              tokens
                  .token(null, GRANT + "&client_id=triage&client_secret=k-a&resource=" + resource)
                  .status())
          .isEqualTo(200);
    }
  }

  @Test
  void keysSurviveARestartAndLieOpenToNobody() throws Exception {
    String token = token("triage", "k-a", "");
    tokens.close();
    Path file = directory.resolve("token-keys.json");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
    tokens = service();
    assertThat(tokens.authenticate(token)).isInstanceOf(Authenticated.class);

    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
    assertThatThrownBy(this::service)
        .isInstanceOf(IOException.class)
        .hasMessageContaining("chmod 600");
  }

  @Test
  void rotationSignsAnewAndTokensOfTheOldKeyStayGood() throws Exception {
    Path file = directory.resolve("token-keys.json");
    String before = token("triage", "k-a", "");
    String published = tokens.document("/.well-known/jwks.json").orElseThrow();

    SigningKeys.rotate(file, clock.instant());
    Files.setLastModifiedTime(file, FileTime.fromMillis(1_000_000));

    Awaitility.await("the new key")
        .until(() -> !tokens.document("/.well-known/jwks.json").orElseThrow().equals(published));
    String after = token("triage", "k-a", "");
    assertThat(kid(after)).isNotEqualTo(kid(before));
    assertThat(tokens.authenticate(before)).isInstanceOf(Authenticated.class);
    assertThat(tokens.authenticate(after)).isInstanceOf(Authenticated.class);
    assertThat(tokens.document("/.well-known/jwks.json").orElseThrow())
        .contains(kid(before), kid(after))
        .doesNotContain("\"d\"");

    clock.advance(OwnIssuerConfig.TOKEN_LIFETIME_MAX.plusSeconds(1));
    SigningKeys.rotate(file, clock.instant());
    assertThat(Files.readString(file)).doesNotContain(kid(before)).contains(kid(after));
  }

  @Test
  void documentsSayWhereTokensAreToBeHad() throws Exception {
    Map<String, Object> resource =
        JSONObjectUtils.parse(
            tokens.document("/.well-known/oauth-protected-resource/mcp").orElseThrow());
    assertThat(resource)
        .containsEntry("resource", "https://gw.example/mcp")
        .containsEntry("authorization_servers", List.of("https://gw.example"))
        .containsEntry("scopes_supported", List.of("read", "all"));
    assertThat(tokens.document("/.well-known/oauth-protected-resource")).isPresent();
    Map<String, Object> server =
        JSONObjectUtils.parse(
            tokens.document("/.well-known/oauth-authorization-server").orElseThrow());
    assertThat(server)
        .containsEntry("issuer", "https://gw.example")
        .containsEntry("token_endpoint", "https://gw.example/oauth/token")
        .containsEntry("jwks_uri", "https://gw.example/.well-known/jwks.json");
    assertThat(tokens.challenge().resourceMetadata())
        .isEqualTo("https://gw.example/.well-known/oauth-protected-resource/mcp");

    tokens.replace(Optional.empty());
    assertThat(tokens.document("/.well-known/oauth-protected-resource/mcp")).isEmpty();
    assertThat(tokens.document("/.well-known/jwks.json")).isEmpty();
    assertThat(tokens.challenge().resourceMetadata()).isEmpty();
  }

  private String token(String agent, String key, String more) throws Exception {
    TokenReply reply =
        tokens.token(null, GRANT + "&client_id=" + agent + "&client_secret=" + key + more);
    return String.valueOf(JSONObjectUtils.parse(reply.json()).get("access_token"));
  }

  private static String kid(String token) throws Exception {
    return com.nimbusds.jose.JWSObject.parse(token).getHeader().getKeyID();
  }

  private TokenService service() throws IOException {
    List<Scope> scopes =
        List.of(
            new Scope("read", Set.of(), List.of(), List.of(), List.of(), List.of()),
            new Scope("all", Set.of(), List.of(), List.of(), List.of(), List.of()));
    return TokenService.start(
        agents,
        clock,
        Optional.of(
            new AuthConfig(
                URI.create("https://gw.example/mcp"),
                scopes,
                List.of("read"),
                true,
                List.of(),
                Optional.of(
                    new OwnIssuerConfig(
                        URI.create("https://gw.example"),
                        OwnIssuerConfig.TOKEN_LIFETIME_DEFAULT,
                        directory.resolve("token-keys.json"),
                        TokenEndpointLimits.DEFAULT)),
                TokenLimits.DEFAULT)));
  }
}
