package dev.gatehouse.connectors.oauth;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.connectors.oauth.AuthServerScript.Said;
import dev.gatehouse.connectors.oauth.RequestAuthorization.Verdict;
import dev.gatehouse.connectors.oauth.UpstreamAuth.ClientCredentials;
import dev.gatehouse.connectors.oauth.UpstreamAuth.IdentityProvider;
import dev.gatehouse.core.registry.AgentId;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The OAuth client of one upstream, towards an authorization server on a real socket. */
class UpstreamOAuthTest extends OAuthScene {

  @Test
  void nothingIsShownOrAskedForBeforeTheServerWantsIt() {
    assertThat(get(client(code()).request("POST", Optional.empty()).headers())).isEmpty();
    assertThat(server.seen).isEmpty();
  }

  @Test
  void anAuthorizationIsAskedForWithPkceStateResourceAndTheChallengedScope() {
    RequestAuthorization request = client(code()).request("POST", Optional.empty());
    get(request.headers());

    assertThat(get(request.refused(unauthorized("scope=\"a b\"")))).isEqualTo(new Verdict.Retry());

    assertThat(get(request.headers())).containsExactly(Map.entry("Authorization", "Bearer t1"));
    Map<String, String> page = server.seen("/authorize").getFirst().form();
    Map<String, String> token = server.seen("/token").getFirst().form();
    assertThat(page)
        .containsEntry("code_challenge_method", "S256")
        .containsEntry("code_challenge", DpopKey.digest(token.getOrDefault("code_verifier", "")))
        .containsEntry("resource", server.mcp().toString())
        .containsEntry("scope", "a b");
    assertThat(page.get("state")).hasSize(43);
    assertThat(token).containsEntry("resource", server.mcp().toString());
  }

  @Test
  void aTokenIsRefreshedBeforeItEndsAndARotatedRefreshTokenTakesTheOldOnesPlace() {
    server.tokenExtra = ",\"expires_in\":60,\"refresh_token\":\"r1\"";
    UpstreamOAuth client = client(code());
    letIn(client);
    server.tokenExtra = ",\"expires_in\":60,\"refresh_token\":\"r2\"";

    clock.advance(Duration.ofSeconds(51));
    assertThat(get(client.request("POST", Optional.empty()).headers()))
        .containsEntry("Authorization", "Bearer t2");
    clock.advance(Duration.ofSeconds(51));
    assertThat(get(client.request("POST", Optional.empty()).headers()))
        .containsEntry("Authorization", "Bearer t3");

    assertThat(server.seen("/token").stream().skip(1).map(one -> one.form().get("refresh_token")))
        .containsExactly("r1", "r2");
    assertThat(person.visited()).hasSize(1);
  }

  @Test
  void withoutAPersonTheErrorNamesTheCommandThatHelps() {
    UpstreamOAuth client =
        client(code(), new OAuthPorts(TokenStore.inMemory(), Optional.empty(), new SecureRandom()));
    RequestAuthorization request = client.request("POST", Optional.empty());
    get(request.headers());

    assertThat(why(request, "")).contains("gatehouse upstream authorize u");

    assertThat(get(client.authorize(person))).isEmpty();
    assertThat(get(client.request("POST", Optional.empty()).headers()))
        .containsEntry("Authorization", "Bearer t1");
  }

  @Test
  void aServerThatDoesNotOfferPkceIsRefused() {
    server.metadata.remove("code_challenge_methods_supported");

    assertThat(refusal(code())).contains("PKCE");
    assertThat(server.seen("/authorize")).isEmpty();
  }

  @Test
  void aServerThatTakesDocumentsKnowsTheGatewayByItsUrl() {
    server.metadata.put("client_id_metadata_document_supported", "true");

    letIn(client(documented()));

    assertThat(server.seen("/register")).isEmpty();
    assertThat(server.seen("/authorize").getFirst().form()).containsEntry("client_id", DOCUMENT);
    assertThat(server.seen("/token").getFirst().form()).containsEntry("client_id", DOCUMENT);
  }

  @Test
  void aServerThatTakesNoDocumentsRegistersTheGateway() {
    letIn(client(documented()));

    assertThat(server.seen("/authorize").getFirst().form())
        .containsEntry("client_id", "registered");
  }

  @Test
  void aResponseOfAnotherRequestIsRefusedBeforeItsCodeIsUsed() {
    server.paths.put(
        "/authorize",
        one -> server.redirect(one, Map.of("state", "x", "iss", server.origin(), "code", "c")));

    assertThat(refusal(code())).contains("state");
    assertThat(server.seen("/token")).isEmpty();
  }

  @Test
  void anErrorOfAnotherIssuerIsNotShown() {
    server.paths.put(
        "/authorize",
        one ->
            server.redirect(one, Map.of("error", "call_this_number", "iss", "http://evil.test")));

    assertThat(refusal(code())).contains("another issuer").doesNotContain("call_this_number");
  }

  @Test
  void aResponseWithAParameterTwiceIsRefused() {
    server.paths.put(
        "/authorize",
        one -> {
          Said once = server.redirect(one, Map.of("code", "c", "iss", server.origin()));
          return new Said(302, Map.of("Location", once.headers().get("Location") + "&code=d"), "");
        });

    assertThat(refusal(code())).contains("twice");
    assertThat(server.seen("/token")).isEmpty();
  }

  @Test
  void manyRequestsThatAreRefusedTogetherRenewOnce() throws Exception {
    CountDownLatch asked = new CountDownLatch(1);
    CountDownLatch answer = new CountDownLatch(1);
    server.paths.put(
        "/token",
        _ -> {
          asked.countDown();
          await(answer);
          return Said.ok(server.token("one"));
        });
    UpstreamOAuth client = client(credentials());
    List<RequestAuthorization> requests = Stream.generate(() -> shown(client)).limit(50).toList();
    List<CompletionStage<Verdict>> verdicts =
        requests.stream().map(request -> request.refused(unauthorized(""))).toList();
    assertThat(asked.await(10, TimeUnit.SECONDS)).isTrue();
    answer.countDown();

    for (CompletionStage<Verdict> verdict : verdicts) {
      assertThat(get(verdict)).isEqualTo(new Verdict.Retry());
    }
    assertThat(server.seen("/token")).hasSize(1);
  }

  @Test
  void aFailureStandsForAMomentSoThatNotEveryCallAsksAServerThatSaysNo() {
    server.paths.put("/token", _ -> Said.no("unauthorized_client"));
    UpstreamOAuth client = client(credentials());

    assertThat(why(shown(client), "")).contains("unauthorized_client");
    clock.advance(TokenSlot.FAILURE_STANDS.minusMillis(1));
    assertThat(why(shown(client), "")).contains("unauthorized_client");
    assertThat(server.seen("/token")).hasSize(1);

    clock.advance(Duration.ofMillis(1));
    assertThat(why(shown(client), "")).contains("unauthorized_client");
    assertThat(server.seen("/token")).hasSize(2);
  }

  @Test
  void aStepUpAsksForEarlierScopesTooAndOnlyWhileThatAddsSome() {
    UpstreamOAuth client = client(code());
    RequestAuthorization request = shown(client);
    get(request.refused(unauthorized("scope=\"read\"")));
    get(request.headers());

    assertThat(get(request.refused(insufficient("write")))).isEqualTo(new Verdict.Retry());
    assertThat(server.seen("/authorize").getLast().form()).containsEntry("scope", "read write");
    get(request.headers());
    assertThat(get(request.refused(insufficient("write"))))
        .isInstanceOfSatisfying(
            Verdict.GiveUp.class, no -> assertThat(no.why()).contains("already"));
    assertThat(server.seen("/authorize")).hasSize(2);
  }

  @Test
  void stepUpsOfOneRequestEndAtTheirLimit() {
    RequestAuthorization request = shown(client(code()));
    get(request.refused(unauthorized("scope=\"s0\"")));
    for (int i = 1; i <= 2; i++) {
      get(request.headers());
      assertThat(get(request.refused(insufficient("s" + i)))).isEqualTo(new Verdict.Retry());
    }
    get(request.headers());
    assertThat(get(request.refused(insufficient("s3")))).isInstanceOf(Verdict.GiveUp.class);
  }

  @Test
  void aTokenThatIsRefusedAtOnceEndsTheRequest() {
    RequestAuthorization request = shown(client(credentials()));
    get(request.refused(unauthorized("")));
    get(request.headers());

    assertThat(why(request, "")).contains("just issued");
    assertThat(server.seen("/token")).hasSize(1);
  }

  @Test
  void eachAgentGetsATokenOfItsOwnForAnAssertionAboutIt() throws Exception {
    server.paths.put(
        "/token",
        one ->
            Said.ok(server.token("for-" + subject(one.form().getOrDefault("subject_token", "")))));
    UpstreamOAuth client = client(exchange(Optional.empty()));

    for (String agent : List.of("ann", "bob")) {
      RequestAuthorization request = client.request("POST", Optional.of(new AgentId(agent)));
      if (get(request.headers()).isEmpty()) { // only the first is not foreseen
        get(request.refused(unauthorized("")));
      }
      assertThat(get(request.headers())).containsEntry("Authorization", "Bearer for-" + agent);
    }
    assertThat(get(client.request("POST", Optional.of(new AgentId("ann"))).headers()))
        .containsEntry("Authorization", "Bearer for-ann");
    assertThat(server.seen("/token")).hasSize(2);
  }

  @Test
  void anIdentityProvidersAssertionIsTheGrantAtTheServer() throws Exception {
    try (AuthServerScript provider = new AuthServerScript()) {
      provider.paths.put(
          "/token",
          _ ->
              Said.ok(
                  "{\"access_token\":\"jag\",\"issued_token_type\":\""
                      + TokenTypes.ID_JAG
                      + "\",\"token_type\":\"N_A\"}"));
      UpstreamOAuth client =
          client(
              exchange(
                  Optional.of(
                      new IdentityProvider(
                          URI.create(provider.origin() + "/token"), Client.open("at-idp")))));
      RequestAuthorization request = shown(client);

      assertThat(get(request.refused(unauthorized("")))).isEqualTo(new Verdict.Retry());

      assertThat(provider.seen("/token").getFirst().form())
          .containsEntry("audience", server.origin())
          .containsEntry("resource", server.mcp().toString())
          .containsEntry("client_id", "at-idp");
      assertThat(server.seen("/token").getFirst().form())
          .containsEntry("grant_type", TokenTypes.JWT_BEARER_GRANT)
          .containsEntry("assertion", "jag");
    }
  }

  @Test
  void whatWasAuthorizedIsKeptEncryptedAcrossRestarts(@TempDir Path folder) throws Exception {
    SecureRandom random = new SecureRandom();
    server.tokenExtra = ",\"refresh_token\":\"refresh-me\"";
    TokenStore store =
        EncryptedTokenStore.open(folder.resolve("oauth"), folder.resolve("key"), random);
    letIn(client(code(), new OAuthPorts(store, Optional.of(person), random)));

    TokenStore again =
        EncryptedTokenStore.open(folder.resolve("oauth"), folder.resolve("key"), random);
    UpstreamOAuth restarted = client(code(), new OAuthPorts(again, Optional.empty(), random));

    assertThat(restarted.authorized()).isTrue();
    assertThat(get(restarted.request("POST", Optional.empty()).headers()))
        .containsEntry("Authorization", "Bearer t1");
    try (var files = Files.list(folder.resolve("oauth"))) {
      assertThat(files)
          .hasSize(1)
          .allSatisfy(
              file ->
                  assertThat(Files.readString(file, StandardCharsets.ISO_8859_1))
                      .doesNotContain("refresh-me", "s3cret"));
    }
  }

  @Test
  void whatIsKeptIsForItsUrlOnly() {
    TokenStore store = TokenStore.inMemory();
    OAuthPorts ports = new OAuthPorts(store, Optional.of(person), new SecureRandom());
    letIn(client(code(), ports));

    UpstreamOAuth moved =
        UpstreamOAuth.of(vertx, clock, "u", URI.create(server.origin() + "/other"), code(), ports);
    open.add(moved);

    assertThat(moved.authorized()).isFalse();
  }

  @Test
  void secretsAreInNoText() {
    assertThat(String.valueOf(new ClientCredentials(SECRET_CLIENT, Set.of(), Optional.empty())))
        .doesNotContain("hush");
    assertThat(String.valueOf(new Assertion.Value("hush"))).doesNotContain("hush");
    assertThat(
            new Tokens("i", "hush", false, Optional.of("hush"), Optional.empty(), Scopes.NONE)
                .toString())
        .doesNotContain("hush");
  }
}
