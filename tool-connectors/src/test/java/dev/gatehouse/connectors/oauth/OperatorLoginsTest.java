package dev.gatehouse.connectors.oauth;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.connectors.oauth.UpstreamAuth.AuthorizationCode;
import dev.gatehouse.connectors.oauth.UpstreamAuth.ClientCredentials;
import dev.gatehouse.core.tool.UpstreamLogins.Begun;
import dev.gatehouse.core.tool.UpstreamLogins.Ended;
import dev.gatehouse.core.tool.UpstreamLogins.Login;
import dev.gatehouse.testkit.ManualClock;
import dev.gatehouse.testkit.MemoryAuditLog;
import io.vertx.core.Vertx;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Operators authorize upstreams with a browser of their own. */
class OperatorLoginsTest {

  private static final URI REDIRECT_URI = URI.create("http://127.0.0.1:3000/callback");

  private final Vertx vertx = Vertx.vertx();
  private final AuthServerScript server = new AuthServerScript();
  private final HeadlessPrompt browser = new HeadlessPrompt();
  private final MemoryAuditLog audit = new MemoryAuditLog();
  private final Map<String, UpstreamOAuth> upstreams = new LinkedHashMap<>();
  private final OperatorLogins logins = new OperatorLogins(() -> upstreams, audit);

  @BeforeEach
  void open() {
    upstreams.put(
        "code",
        client(
            new AuthorizationCode(
                Optional.empty(),
                Optional.empty(),
                AuthorizationCode.CLIENT_NAME,
                Set.of(),
                Optional.empty())));
    upstreams.put(
        "machine",
        client(
            new ClientCredentials(
                new Client("me", new ClientCredential.Secret("hush")),
                Set.of(),
                Optional.empty())));
  }

  @AfterEach
  void close() {
    upstreams.values().forEach(UpstreamOAuth::close);
    browser.close();
    server.close();
    get(vertx.close().toCompletionStage());
  }

  @Test
  void whatABrowserBringsBackAuthorizesTheUpstreamAndIsRecorded() {
    URI redirect = get(browser.visit("code", begun()));

    assertThat(get(logins.complete("code", redirect, "ann"))).isEqualTo(new Ended.Authorized());

    assertThat(logins.logins())
        .containsExactly(new Login("code", true, true), new Login("machine", false, false));
    assertThat(audit.rows())
        .singleElement()
        .satisfies(
            row ->
                assertThat(row.toString())
                    .contains("upstream.authorized", "ann")
                    .doesNotContain("c1", "t1"));
  }

  @Test
  void aRedirectIsGoodForOneLoginAndOnlyForTheLatest() {
    URI first = begun();
    URI second = begun();

    URI stale = get(browser.visit("code", first));
    assertThat(get(logins.complete("code", stale, "ann")))
        .isInstanceOfSatisfying(Ended.Refused.class, no -> assertThat(no.why()).contains("state"));
    URI good = get(browser.visit("code", second));
    assertThat(get(logins.complete("code", good, "ann"))).isEqualTo(new Ended.Unknown());
    assertThat(server.seen("/token")).isEmpty();
    assertThat(audit.rows()).isEmpty();
  }

  @Test
  void aBrowserIsSentToTheOperatorsOwnMachineOnly() {
    for (String elsewhere : new String[] {"http://evil.example/", "https://127.0.0.1/", "a:b"}) {
      assertThat(get(logins.begin("code", URI.create(elsewhere))))
          .isInstanceOf(Begun.Refused.class);
    }
    assertThat(server.seen).isEmpty();
  }

  @Test
  void whyItCannotBeBegunIsSaid() {
    server.metadata.remove("code_challenge_methods_supported");

    assertThat(get(logins.begin("code", REDIRECT_URI)))
        .isInstanceOfSatisfying(Begun.Refused.class, no -> assertThat(no.why()).contains("PKCE"));
    assertThat(get(logins.begin("machine", REDIRECT_URI))).isEqualTo(new Begun.Unknown());
    assertThat(get(logins.begin("none", REDIRECT_URI))).isEqualTo(new Begun.Unknown());
  }

  private URI begun() {
    return ((Begun.Visit) get(logins.begin("code", REDIRECT_URI))).url();
  }

  private UpstreamOAuth client(UpstreamAuth config) {
    return UpstreamOAuth.of(
        vertx, new ManualClock(), "u", server.mcp(), config, OAuthPorts.inMemory());
  }

  private static <T> T get(CompletionStage<T> stage) {
    return stage.toCompletableFuture().orTimeout(20, TimeUnit.SECONDS).join();
  }
}
