package dev.gatehouse.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import dev.gatehouse.gateway.config.ConfigLoader;
import dev.gatehouse.gateway.config.GatewayConfig;
import dev.gatehouse.registry.AgentKeys;
import dev.gatehouse.testkit.ScriptedIssuer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Agents that come with tokens, through a whole gateway. */
final class TokensTest {

  private static final ObjectMapper JSON = new ObjectMapper();

  private static final String FORM = "application/x-www-form-urlencoded";

  @TempDir Path directory;
  private final int port = freePort();
  private final int adminPort = freePort();
  private final String resource = "http://127.0.0.1:" + port + "/mcp";
  private final AgentKeys.GeneratedKey key = AgentKeys.generate();
  private final AgentKeys.GeneratedKey otherKey = AgentKeys.generate();
  private final ScriptedIssuer issuer = new ScriptedIssuer(Clock.systemUTC());
  private final ServerBehind behind = new ServerBehind();
  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  @AfterEach
  void stop() {
    client.close();
    behind.close();
    issuer.close();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/.well-known/oauth-protected-resource",
        "/.well-known/oauth-protected-resource/mcp",
        "/.well-known/oauth-authorization-server",
        "/.well-known/oauth-authorization-server/mcp",
        "/.well-known/openid-configuration",
        "/.well-known/jwks.json",
        "/oauth/token",
        "/oauth/authorize"
      })
  void keyModeHasNoTraceOfOauth(String path) throws Exception {
    try (Gatehouse _ = Gatehouse.start(config(""))) {
      assertThat(get(path).statusCode()).isEqualTo(404);
      HttpResponse<String> refused = tools("Bearer " + issuer.token("svc-1", resource));
      assertThat(refused.statusCode()).isEqualTo(401);
      assertThat(refused.headers().firstValue("www-authenticate").orElseThrow())
          .isEqualTo("Bearer realm=\"gatehouse\"");
      assertThat(tools("Bearer " + key.key()).statusCode()).isEqualTo(200);
    }
  }

  @Test
  void tokenOfTheGatewayCallsToolsAndModelsAndGoesNoFurther() throws Exception {
    try (Gatehouse _ = started(auth("own_issuer: {}"))) {
      HttpResponse<String> refused = tools("");
      assertThat(refused.statusCode()).isEqualTo(401);
      String metadata =
          refused
              .headers()
              .firstValue("www-authenticate")
              .orElseThrow()
              .replaceFirst(".*resource_metadata=\"([^\"]*)\".*", "$1");
      JsonNode found = JSON.readTree(get(URI.create(metadata).getPath()).body());
      assertThat(found.at("/resource").asText()).isEqualTo(resource);
      String server = found.at("/authorization_servers/0").asText();
      JsonNode endpoints = JSON.readTree(get("/.well-known/oauth-authorization-server").body());
      assertThat(endpoints.at("/issuer").asText()).isEqualTo(server);

      String token = token("a", key, "");

      assertThat(call("Bearer " + token, "behind__look").body()).contains("seen");
      HttpResponse<String> model = model("Bearer " + token);
      assertThat(model.statusCode()).as(model.body()).isEqualTo(200);
      assertThat(behind.sentOn).isNotEmpty().noneMatch(sent -> sent.contains(token));
      assertThat(behind.sentOn).noneMatch(sent -> sent.contains(token.split("\\.", -1)[2]));
    }
  }

  @Test
  void whoAsksForTokensTooOftenIsToldWhenToComeAgain() throws Exception {
    try (Gatehouse _ = started(auth("own_issuer: {requests_per_address_max: 2}"))) {
      token("a", key, "");
      token("a", key, "");
      HttpResponse<String> refused = post("grant_type=client_credentials", FORM);
      assertThat(refused.statusCode()).isEqualTo(429);
      assertThat(refused.body()).contains("slow_down", "requestsPerAddressMax 2");
      assertThat(Long.parseLong(refused.headers().firstValue("retry-after").orElseThrow()))
          .isBetween(1L, 60L);
      assertThat(tools("").statusCode()).as("nothing else is refused").isEqualTo(401);
    }
  }

  @Test
  void agentThatSignsGetsATokenAndShowsNoSecret() throws Exception {
    ECKey own = new ECKeyGenerator(Curve.P_256).keyID("own").generate();
    Map<String, Object> jwk = own.toPublicJWK().toJSONObject();
    try (Gatehouse gatehouse = started(auth("own_issuer: {}"))) {
      assertThat(
              gatehouse.reload(
                  config(
                      auth("own_issuer: {}"),
                      "public_keys: [" + JSON.writeValueAsString(jwk) + "]")))
          .isEmpty();
      SignedJWT assertion =
          new SignedJWT(
              new JWSHeader.Builder(JWSAlgorithm.ES256).keyID("own").build(),
              new JWTClaimsSet.Builder()
                  .issuer("a")
                  .subject("a")
                  .audience("http://127.0.0.1:" + port)
                  .jwtID("once")
                  .expirationTime(Date.from(Instant.now().plusSeconds(60)))
                  .build());
      assertion.sign(new ECDSASigner(own));
      HttpResponse<String> reply =
          post(
              "grant_type=client_credentials&client_assertion_type="
                  + "urn%3Aietf%3Aparams%3Aoauth%3Aclient-assertion-type%3Ajwt-bearer"
                  + "&client_assertion="
                  + assertion.serialize(),
              FORM);
      assertThat(reply.statusCode()).as(reply.body()).isEqualTo(200);
      String token = JSON.readTree(reply.body()).at("/access_token").asText();
      assertThat(call("Bearer " + token, "behind__look").body()).contains("seen");
    }
  }

  @Test
  void callBeyondTheTokensScopeIsForbiddenAndAnotherTokenOpensIt() throws Exception {
    try (Gatehouse _ = started(auth("own_issuer: {}"))) {
      String narrow = token("a", key, "&scope=mcp:look");
      HttpResponse<String> refused = call("Bearer " + narrow, "behind__change");
      assertThat(refused.statusCode()).as(refused.body()).isEqualTo(403);
      assertThat(refused.headers().firstValue("www-authenticate").orElseThrow())
          .contains("error=\"insufficient_scope\"", "scope=\"mcp:tools\"", "resource_metadata=");
      assertThat(call("Bearer " + token("a", key, "&scope=mcp:tools"), "behind__change").body())
          .contains("seen");

      HttpResponse<String> model = model("Bearer " + narrow);
      assertThat(model.statusCode()).isEqualTo(403);
      assertThat(model.headers().firstValue("www-authenticate").orElseThrow())
          .contains("error=\"insufficient_scope\"", "scope=\"llm\"");
    }
  }

  @Test
  void issuerOutsideIsTrustedAndItsSubjectsAreReloadedLive() throws Exception {
    String issuers = "issuers: [{issuer: \"%s\"}]".formatted(issuer.name());
    try (Gatehouse gatehouse = started(auth(issuers))) {
      String token = issuer.token("svc-1", resource);
      assertThat(tools("Bearer " + token).statusCode()).isEqualTo(401);
      String subjects = "subjects: [{issuer: \"%s\", subject: svc-1}]".formatted(issuer.name());
      assertThat(gatehouse.reload(config(auth(issuers), subjects))).isEmpty();
      assertThat(tools("Bearer " + token).body()).contains("behind__look");
      assertThat(tools("Bearer " + issuer.token("svc-1", "https://other.example")).statusCode())
          .isEqualTo(401);
      assertThat(get("/.well-known/jwks.json").statusCode()).isEqualTo(404);
      assertThat(get("/oauth/token").statusCode()).isEqualTo(404);

      assertThat(gatehouse.reload(config("", ""))).isEmpty();
      assertThat(tools("Bearer " + token).statusCode()).isEqualTo(401);
      assertThat(get("/.well-known/oauth-protected-resource").statusCode()).isEqualTo(404);
    }
  }

  @Test
  void requestWaitsForKeysThatAreOnTheirWay() throws Exception {
    CountDownLatch held = new CountDownLatch(1);
    issuer.holdUntil(held);
    String issuers = "issuers: [{issuer: \"%s\", agent_claim: sub}]".formatted(issuer.name());
    try (Gatehouse _ = started(auth(issuers))) {
      CompletableFuture<HttpResponse<String>> early =
          client.sendAsync(
              as("Bearer " + issuer.token("a", resource), McpRequests.tools(uri("/mcp"))),
              BodyHandlers.ofString());
      assertThat(get("/healthz").statusCode()).isEqualTo(200);
      assertThat(early).isNotDone();
      held.countDown();
      assertThat(early.get(10, TimeUnit.SECONDS).body()).contains("behind__look");
    }
  }

  @Test
  void issuerThatIsAwayIsNotTheTokensFault() throws Exception {
    issuer.say(ScriptedIssuer.KEYS_PATH, 500, "");
    String issuers = "issuers: [{issuer: \"%s\", agent_claim: sub}]".formatted(issuer.name());
    try (Gatehouse _ = started(auth(issuers))) {
      HttpResponse<String> reply = tools("Bearer " + issuer.token("a", resource));
      assertThat(reply.statusCode()).isEqualTo(503);
      assertThat(reply.headers().firstValue("retry-after")).isPresent();
      assertThat(model("Bearer " + issuer.token("a", resource)).statusCode()).isEqualTo(503);
    }
  }

  @Test
  void keyBuysTokensOnlyWhereTheConfigSaysSo() throws Exception {
    try (Gatehouse _ = started(auth("own_issuer: {}\n  static_keys: exchange_only"))) {
      assertThat(tools("Bearer " + key.key()).statusCode()).isEqualTo(401);
      assertThat(tools("Bearer " + token("a", key, "")).statusCode()).isEqualTo(200);
    }
  }

  @Test
  void twoAuthorizationHeadersAndHugeTokensAreTurnedAway() throws Exception {
    try (Gatehouse _ = started(auth("own_issuer: {}"))) {
      String token = token("a", key, "");
      try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
        socket
            .getOutputStream()
            .write(
                ("POST /mcp HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2\r\n"
                        + "Authorization: Bearer x\r\nAuthorization: Bearer "
                        + token
                        + "\r\n\r\n{}")
                    .getBytes(StandardCharsets.US_ASCII));
        String answer =
            new String(socket.getInputStream().readNBytes(12), StandardCharsets.US_ASCII);
        assertThat(answer).startsWith("HTTP/1.1 400");
      }
      assertThat(tools("Bearer " + "e".repeat(20_000)).statusCode()).isEqualTo(401);
      assertThat(tools("Bearer " + "e".repeat(60_000)).statusCode()).isEqualTo(431);
    }
  }

  @Test
  void tokenEndpointTakesFormsOfBoundedLengthOnly() throws Exception {
    try (Gatehouse _ = started(auth("own_issuer: {}"))) {
      assertThat(get("/oauth/token").statusCode()).isEqualTo(405);
      assertThat(post("{}", "application/json").statusCode()).isEqualTo(400);
      assertThat(post("x=" + "y".repeat(20_000), "application/x-www-form-urlencoded").statusCode())
          .isEqualTo(413);
      assertThat(post("", "application/x-www-form-urlencoded").statusCode()).isEqualTo(401);
    }
  }

  @Test
  void agentsThatHammerWithTheirTokensNeverSeeEachOthersTools() throws Exception {
    try (Gatehouse _ = started(auth("own_issuer: {}"))) {
      List<CompletableFuture<HttpResponse<String>>> mine = new ArrayList<>();
      List<CompletableFuture<HttpResponse<String>>> others = new ArrayList<>();
      for (int i = 0; i < 40; i++) {
        String token = token("a", key, "");
        String otherToken = token("b", otherKey, "");
        mine.add(async(token));
        others.add(async(otherToken));
        mine.add(async(token));
      }
      for (CompletableFuture<HttpResponse<String>> reply : mine) {
        assertThat(reply.get(20, TimeUnit.SECONDS).body())
            .contains("behind__look", "behind__change")
            .doesNotContain("behind__secret");
      }
      for (CompletableFuture<HttpResponse<String>> reply : others) {
        assertThat(reply.get(20, TimeUnit.SECONDS).body())
            .contains("behind__secret")
            .doesNotContain("behind__look");
      }
    }
  }

  private CompletableFuture<HttpResponse<String>> async(String token) {
    return client.sendAsync(
        as("Bearer " + token, McpRequests.tools(uri("/mcp"))), BodyHandlers.ofString());
  }

  private Gatehouse started(String auth) throws Exception {
    Gatehouse gatehouse = Gatehouse.start(config(auth));
    Awaitility.await("ready")
        .atMost(Duration.ofSeconds(20))
        .pollInterval(Duration.ofMillis(10))
        .until(() -> get("/readyz").statusCode() == 200);
    return gatehouse;
  }

  private String auth(String more) {
    return """
    auth:
      resource: %s
      scopes:
        - {name: "mcp:look", operations: [read], tools: ["*"]}
        - {name: "mcp:tools", tools: ["*"]}
        - {name: llm, models: ["*"]}
      %s
    """
        .formatted(resource, more);
  }

  private GatewayConfig config(String auth) throws Exception {
    return config(auth, "");
  }

  private GatewayConfig config(String auth, String subjects) throws Exception {
    int behindPort = behind.port();
    return ConfigLoader.parse(
        directory.resolve("gatehouse.yaml"),
        """
        server: {port: %d, event_loops: 2}
        admin: {port: %d}
        audit: {segment_bytes: 1MiB}
        agents:
          - id: a
            owner: Ada
            purpose: tests
            credentials: [{sha256: %s}]
            tools: ["behind__look", "behind__change"]
            models: ["*"]
            %s
          - {id: b, owner: Bob, purpose: tests, credentials: [{sha256: %s}], tools: ["*secret"]}
        mcpServers:
          behind:
            url: "http://127.0.0.1:%d/mcp"
            class: internal
            environment: dev
            operations: {change: write, "*": read}
        providers:
          one: {type: openai, base_url: "http://127.0.0.1:%d/v1", api_key: upstream-key}
        models:
          - {name: m, providers: [one]}
        risk: {review_threshold: 90, deny_threshold: 95}
        %s
        """
            .formatted(
                port,
                adminPort,
                key.digest().hex(),
                subjects,
                otherKey.digest().hex(),
                behindPort,
                behindPort,
                auth),
        Map.of());
  }

  private String token(String agent, AgentKeys.GeneratedKey secret, String more) throws Exception {
    HttpResponse<String> reply =
        post(
            "grant_type=client_credentials&client_id="
                + agent
                + "&client_secret="
                + secret.key()
                + "&resource="
                + URLEncoder.encode(resource, StandardCharsets.UTF_8)
                + more,
            "application/x-www-form-urlencoded");
    assertThat(reply.statusCode()).as(reply.body()).isEqualTo(200);
    assertThat(reply.headers().firstValue("cache-control")).contains("no-store");
    return JSON.readTree(reply.body()).at("/access_token").asText();
  }

  private HttpResponse<String> post(String form, String type) throws Exception {
    return client.send(
        HttpRequest.newBuilder(uri("/oauth/token"))
            .header("content-type", type)
            .POST(BodyPublishers.ofString(form))
            .build(),
        BodyHandlers.ofString());
  }

  private HttpResponse<String> get(String path) throws IOException, InterruptedException {
    return client.send(HttpRequest.newBuilder(uri(path)).build(), BodyHandlers.ofString());
  }

  private HttpResponse<String> tools(String authorization) throws Exception {
    return client.send(as(authorization, McpRequests.tools(uri("/mcp"))), BodyHandlers.ofString());
  }

  private HttpResponse<String> call(String authorization, String tool) throws Exception {
    return client.send(
        as(authorization, McpRequests.call(uri("/mcp"), tool, "{}")), BodyHandlers.ofString());
  }

  private HttpResponse<String> model(String authorization) throws Exception {
    return client.send(
        HttpRequest.newBuilder(uri("/v1/chat/completions"))
            .header("authorization", authorization)
            .header("content-type", "application/json")
            .POST(
                BodyPublishers.ofString(
                    "{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}"))
            .build(),
        BodyHandlers.ofString());
  }

  private static HttpRequest as(String authorization, HttpRequest.Builder request) {
    return (authorization.isEmpty() ? request : request.header("authorization", authorization))
        .build();
  }

  private URI uri(String path) {
    return URI.create("http://127.0.0.1:" + port + path);
  }

  private static int freePort() {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
