package dev.gatehouse.connectors.oauth;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.connectors.oauth.RequestAuthorization.Verdict;
import dev.gatehouse.connectors.oauth.UpstreamAuth.AuthorizationCode;
import dev.gatehouse.connectors.oauth.UpstreamAuth.ClientCredentials;
import dev.gatehouse.connectors.oauth.UpstreamAuth.IdentityProvider;
import dev.gatehouse.connectors.oauth.UpstreamAuth.TokenExchange;
import dev.gatehouse.testkit.ManualClock;
import io.vertx.core.Vertx;
import java.net.URI;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;

/** An OAuth client of an upstream, an authorization server on a real socket, and a person. */
abstract class OAuthScene {

  final Vertx vertx = Vertx.vertx();
  final ManualClock clock = new ManualClock();
  final AuthServerScript server = new AuthServerScript();
  final HeadlessPrompt person = new HeadlessPrompt();
  final List<UpstreamOAuth> open = new ArrayList<>();

  @AfterEach
  void close() throws Exception {
    open.forEach(UpstreamOAuth::close);
    person.close();
    server.close();
    get(vertx.close().toCompletionStage());
  }

  static final Client SECRET_CLIENT = new Client("me", new ClientCredential.Secret("hush"));

  static final String DOCUMENT = "https://gw.example/clients/gatehouse.json";

  static AuthorizationCode documented() {
    return new AuthorizationCode(
        Optional.empty(),
        Optional.of(new ClientMetadata(URI.create(DOCUMENT), "Ada's", ClientMetadata.LOOPBACK)),
        "Ada's",
        Set.of(),
        Optional.empty());
  }

  static AuthorizationCode code() {
    return code(Optional.empty());
  }

  static AuthorizationCode code(Optional<Client> client) {
    return new AuthorizationCode(
        client, Optional.empty(), AuthorizationCode.CLIENT_NAME, Set.of(), Optional.empty());
  }

  static ClientCredentials credentials() {
    return new ClientCredentials(SECRET_CLIENT, Set.of(), Optional.empty());
  }

  static TokenExchange exchange(Optional<IdentityProvider> provider) throws Exception {
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

  UpstreamOAuth client(UpstreamAuth config) {
    return client(
        config, new OAuthPorts(TokenStore.inMemory(), Optional.of(person), new SecureRandom()));
  }

  UpstreamOAuth client(UpstreamAuth config, OAuthPorts ports) {
    UpstreamOAuth client = UpstreamOAuth.of(vertx, clock, "u", server.mcp(), config, ports);
    open.add(client);
    return client;
  }

  static void letIn(UpstreamOAuth client) {
    assertThat(get(shown(client).refused(unauthorized("")))).isEqualTo(new Verdict.Retry());
  }

  /** A request that was sent once. */
  static RequestAuthorization shown(UpstreamOAuth client) {
    RequestAuthorization request = client.request("POST", Optional.empty());
    get(request.headers());
    return request;
  }

  String refusal(UpstreamAuth config) {
    return why(shown(client(config)), "");
  }

  static String why(RequestAuthorization request, String params) {
    return ((Verdict.GiveUp) get(request.refused(unauthorized(params)))).why();
  }

  static Refusal unauthorized(String params) {
    return new Refusal(401, List.of("Bearer " + params), Optional.empty());
  }

  static Refusal insufficient(String scope) {
    return new Refusal(
        403,
        List.of("Bearer error=\"insufficient_scope\", scope=\"" + scope + "\""),
        Optional.empty());
  }

  static String subject(String jwt) {
    byte[] claims = Base64.getUrlDecoder().decode(jwt.split("\\.", -1)[1]);
    return JsonDocument.read(claims).orElseThrow().text("sub").orElseThrow();
  }

  static void await(CountDownLatch latch) {
    try {
      assertThat(latch.await(10, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  static <T> T get(CompletionStage<T> stage) {
    return stage.toCompletableFuture().orTimeout(20, TimeUnit.SECONDS).join();
  }
}
