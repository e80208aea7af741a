package dev.gatehouse.connectors.oauth;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.connectors.oauth.AuthServerScript.Said;
import dev.gatehouse.connectors.oauth.RequestAuthorization.Verdict;
import dev.gatehouse.connectors.oauth.UpstreamAuth.AuthorizationCode;
import dev.gatehouse.connectors.oauth.UpstreamAuth.ClientCredentials;
import dev.gatehouse.connectors.oauth.UpstreamAuth.IdentityProvider;
import dev.gatehouse.connectors.oauth.UpstreamAuth.TokenExchange;
import dev.gatehouse.core.registry.AgentId;
import dev.gatehouse.testkit.ManualClock;
import io.vertx.core.Vertx;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The OAuth client of one upstream, towards an authorization server on a real socket. */
class UpstreamOAuthTest {

  private final Vertx vertx = Vertx.vertx();
  private final ManualClock clock = new ManualClock();
  private final AuthServerScript server = new AuthServerScript();
  private final HeadlessPrompt person = new HeadlessPrompt();
  private final List<UpstreamOAuth> open = new ArrayList<>();

  @AfterEach
  void close() throws Exception {
    open.forEach(UpstreamOAuth::close);
    person.close();
    server.close();
    get(vertx.close().toCompletionStage());
  }

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
  void aClientThatWasRegisteredByHandIsShownToNoOtherServer() {
    try (AuthServerScript other = new AuthServerScript()) {
      UpstreamOAuth client = client(code(Optional.of(SECRET_CLIENT)));
      letIn(client);
      server.paths.put(
          "/.well-known/oauth-protected-resource/mcp",
          _ ->
              Said.ok(
                  "{\"resource\":\"%s\",\"authorization_servers\":[\"%s\"]}"
                      .formatted(server.mcp(), other.origin())));

      assertThat(why(shown(client), "")).contains("another authorization server");
      assertThat(other.seen("/authorize")).isEmpty();
      assertThat(other.seen("/token")).isEmpty();
    }
  }

  @Test
  void aServerOtherThanTheConfiguredIssuerIsNotTrusted() {
    assertThat(
            refusal(
                new ClientCredentials(
                    SECRET_CLIENT, Set.of(), Optional.of("https://login.example"))))
        .contains("configured issuer");
    assertThat(server.seen("/token")).isEmpty();
  }

  @Test
  void metadataOfAnotherResourceIsNotUsed() {
    server.paths.put(
        "/.well-known/oauth-protected-resource/mcp",
        _ ->
            Said.ok(
                "{\"resource\":\"%s/mcp2\",\"authorization_servers\":[\"%s\"]}"
                    .formatted(server.origin(), server.origin())));

    assertThat(refusal(credentials())).contains("another resource");
  }

  @Test
  void metadataOfAnotherIssuerIsNotUsed() {
    server.metadata.put("issuer", "\"" + server.origin() + "/\"");

    assertThat(refusal(credentials())).contains("another issuer");
    assertThat(server.seen("/token")).isEmpty();
  }

  @Test
  void redirectsOfMetadataAreNotFollowed() {
    server.paths.put(
        "/.well-known/oauth-authorization-server",
        _ -> new Said(302, Map.of("Location", server.origin() + "/elsewhere"), ""));

    assertThat(refusal(credentials())).contains("no metadata");
    assertThat(server.seen("/elsewhere")).isEmpty();
  }

  @Test
  void anAnswerIsReadUpToItsLimit() {
    String member = "{\"pad\":\"%s\"}";
    int room = OAuthHttp.ANSWER_BYTES_MAX - member.length() + 2;
    server.paths.put("/token", _ -> Said.ok(member.formatted("x".repeat(room))));
    assertThat(refusal(credentials())).contains("a type that is not known");

    server.paths.put("/token", _ -> Said.ok(member.formatted("x".repeat(room + 1))));
    assertThat(refusal(credentials())).contains("longer than " + OAuthHttp.ANSWER_BYTES_MAX);
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

  private static final Client SECRET_CLIENT = new Client("me", new ClientCredential.Secret("hush"));

  private static final String DOCUMENT = "https://gw.example/clients/gatehouse.json";

  private static AuthorizationCode documented() {
    return new AuthorizationCode(
        Optional.empty(),
        Optional.of(new ClientMetadata(URI.create(DOCUMENT), "Ada's", ClientMetadata.LOOPBACK)),
        "Ada's",
        Set.of(),
        Optional.empty());
  }

  private static AuthorizationCode code() {
    return code(Optional.empty());
  }

  private static AuthorizationCode code(Optional<Client> client) {
    return new AuthorizationCode(
        client, Optional.empty(), AuthorizationCode.CLIENT_NAME, Set.of(), Optional.empty());
  }

  private static ClientCredentials credentials() {
    return new ClientCredentials(SECRET_CLIENT, Set.of(), Optional.empty());
  }

  private static TokenExchange exchange(Optional<IdentityProvider> provider) throws Exception {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
    generator.initialize(new ECGenParameterSpec("secp256r1"));
    SigningKey key =
        new SigningKey(generator.generateKeyPair().getPrivate(), SigningAlgorithm.ES256, "k");
    return new TokenExchange(
        SECRET_CLIENT,
        new Assertion.OfAgent(
            key, "https://gw.example", "https://idp.example", Duration.ofMinutes(1)),
        TokenTypes.JWT,
        provider,
        Set.of(),
        Optional.empty());
  }

  private UpstreamOAuth client(UpstreamAuth config) {
    return client(
        config, new OAuthPorts(TokenStore.inMemory(), Optional.of(person), new SecureRandom()));
  }

  private UpstreamOAuth client(UpstreamAuth config, OAuthPorts ports) {
    UpstreamOAuth client = UpstreamOAuth.of(vertx, clock, "u", server.mcp(), config, ports);
    open.add(client);
    return client;
  }

  private static void letIn(UpstreamOAuth client) {
    assertThat(get(shown(client).refused(unauthorized("")))).isEqualTo(new Verdict.Retry());
  }

  /** A request that was sent once. */
  private static RequestAuthorization shown(UpstreamOAuth client) {
    RequestAuthorization request = client.request("POST", Optional.empty());
    get(request.headers());
    return request;
  }

  private String refusal(UpstreamAuth config) {
    return why(shown(client(config)), "");
  }

  private static String why(RequestAuthorization request, String params) {
    return ((Verdict.GiveUp) get(request.refused(unauthorized(params)))).why();
  }

  private static Refusal unauthorized(String params) {
    return new Refusal(401, List.of("Bearer " + params), Optional.empty());
  }

  private static Refusal insufficient(String scope) {
    return new Refusal(
        403,
        List.of("Bearer error=\"insufficient_scope\", scope=\"" + scope + "\""),
        Optional.empty());
  }

  private static String subject(String jwt) {
    byte[] claims = Base64.getUrlDecoder().decode(jwt.split("\\.", -1)[1]);
    return JsonDocument.read(claims).orElseThrow().text("sub").orElseThrow();
  }

  private static void await(CountDownLatch latch) {
    try {
      assertThat(latch.await(10, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static <T> T get(CompletionStage<T> stage) {
    return stage.toCompletableFuture().orTimeout(20, TimeUnit.SECONDS).join();
  }
}
