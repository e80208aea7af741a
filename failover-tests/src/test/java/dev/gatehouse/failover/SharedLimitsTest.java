package dev.gatehouse.failover;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.github.tomakehurst.wiremock.WireMockServer;
import com.github.tomakehurst.wiremock.client.WireMock;
import com.github.tomakehurst.wiremock.core.WireMockConfiguration;
import dev.gatehouse.gateway.Gatehouse;
import dev.gatehouse.gateway.config.ConfigException;
import dev.gatehouse.gateway.config.ConfigLoader;
import dev.gatehouse.registry.AgentKeys;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Two gateways and a real Redis: one limit for both, whatever becomes of Redis or of one of them.
 */
final class SharedLimitsTest {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int LIMIT = 10;

  private static final String GOOD =
      """
      {"id":"c1","object":"chat.completion","created":1,"model":"m","choices":[{"index":0,"message":{"role":"assistant",\
      "content":"hello"},"finish_reason":"stop"}],"usage":{"prompt_tokens":1,"completion_tokens":1,"total_tokens":2}}\
      """;

  @TempDir Path directory;

  private final WireMockServer provider =
      new WireMockServer(WireMockConfiguration.options().dynamicPort().bindAddress("127.0.0.1"));
  private final FakeUpstreams upstreams = new FakeUpstreams();
  private final AgentKeys.GeneratedKey key = AgentKeys.generate();
  private final HttpClient http = HttpClient.newHttpClient();
  private @Nullable RedisProcess redis;
  private @Nullable Node one;
  private @Nullable Node other;

  SharedLimitsTest() throws IOException {}

  @BeforeEach
  void start() throws Exception {
    provider.start();
    provider.stubFor(WireMock.post(WireMock.anyUrl()).willReturn(WireMock.okJson(GOOD)));
    redis = new RedisProcess(directory);
    one = new Node(Files.createDirectory(directory.resolve("one")));
    other = new Node(Files.createDirectory(directory.resolve("other")));
    one().untilConnected();
    other().untilConnected();
  }

  @AfterEach
  void stop() throws Exception {
    one().close();
    other().close();
    redis().close();
    provider.stop();
    upstreams.close();
    http.close();
  }

  private Node one() {
    return Objects.requireNonNull(one);
  }

  private Node other() {
    return Objects.requireNonNull(other);
  }

  private RedisProcess redis() {
    return Objects.requireNonNull(redis);
  }

  @Test
  void whatOneUsesTheOtherHasNotLeft() throws Exception {
    one().asks(6, 200);
    other().untilUsed(6);
    other().asks(4, 200);
    other().asks(1, 429);
    one().untilUsed(LIMIT);
    one().asks(1, 429);
    assertThat(
            provider
                .countRequestsMatching(WireMock.anyRequestedFor(WireMock.anyUrl()).build())
                .getCount())
        .isEqualTo(LIMIT);
  }

  @Test
  void callsOfToolsAtOneAreCountedAtTheOther() throws Exception {
    one().calls(6, true);
    other().untilUsed("tools", 6);
    other().calls(4, true);
    other().calls(1, false);
    one().untilUsed("tools", LIMIT);
    one().calls(1, false);
    assertThat(upstreams.called()).isEqualTo(LIMIT);
  }

  @Test
  void aRedisThatForgetsIsTaughtWhatWasUsed() throws Exception {
    one().asks(6, 200);
    other().untilUsed(6);
    redis().kill();
    one().untilDegraded();
    other().untilDegraded();
    redis().start();
    one().untilConnected();
    other().untilConnected();

    one().asks(1, 200);
    other().untilUsed(7);
    other().asks(3, 200);
    other().asks(1, 429);
  }

  @Test
  void withoutRedisEachHasItsShareOfWhatIsLeft() throws Exception {
    one().asks(4, 200);
    other().untilUsed(4);
    redis().kill();
    one().untilDegraded();
    other().untilDegraded();

    one().asks(3, 200);
    one().asks(1, 429);
    other().asks(3, 200);
    other().asks(1, 429);
  }

  @Test
  void aGatewayThatIsRestartedKnowsWhatWasUsedThoughRedisForgot() throws Exception {
    one().asks(6, 200);
    other().untilUsed(6);
    one().close();
    other().close();
    redis().kill();
    redis().start();

    Node again = new Node(directory.resolve("one"));
    one = again;
    again.untilConnected();
    again.untilUsed(6);
    again.asks(4, 200);
    again.asks(1, 429);
  }

  /** A gateway in this process. */
  private final class Node implements AutoCloseable {

    private final Path home;
    private final int adminPort = Ports.free();
    private final Caller caller;
    private final Gatehouse gatehouse;

    Node(Path home) throws IOException, ConfigException {
      this.home = home;
      int port = Ports.free();
      Path file = home.resolve("gatehouse.yaml");
      Files.writeString(file, config(port));
      caller = new Caller(port, key.key());
      gatehouse = Gatehouse.start(ConfigLoader.load(file, Map.of()));
    }

    private String config(int port) {
      return """
      server: {port: %d, event_loops: 1}
      admin: {port: %d}
      agents:
        - id: loader
          owner: Test Owner
          purpose: Loads the gateway
          credentials: [{sha256: %s}]
          models: ["m"]
          tools: ["*"]
      mcpServers:
        behind: {url: "%s", class: internal, environment: dev}
      limits: [{name: tools, per: [agent], calls_per_day: %d}]
      providers:
        first: {type: openai, base_url: "%s/v1", api_key: k}
      models:
        - {name: m, providers: [first]}
      llm:
        limits: [{name: daily, per: [agent], requests_per_day: %d}]
      fleet:
        secret: %s
        redis: {url: "redis://127.0.0.1:%d", command_timeout: 20s, retry_max: 200ms, count_every: 50ms}
      """
          .formatted(
              port,
              adminPort,
              key.digest().hex(),
              upstreams.url("/mcp"),
              LIMIT,
              provider.baseUrl(),
              LIMIT,
              Fleet.SECRET_TEXT,
              redis().port());
    }

    void asks(int times, int status) throws Exception {
      for (int i = 0; i < times; i++) {
        HttpResponse<String> reply = caller.ask();
        assertThat(reply.statusCode()).as(reply.body()).isEqualTo(status);
      }
    }

    void calls(int times, boolean passes) throws Exception {
      for (int i = 0; i < times; i++) {
        JsonNode reply = caller.call("behind__look");
        assertThat(reply.at("/result/isError").asBoolean())
            .as(reply.toString())
            .isNotEqualTo(passes);
        assertThat(reply.toString().contains("Rule limits.tools: limit tools of agent loader is"))
            .as(reply.toString())
            .isNotEqualTo(passes);
      }
    }

    void untilConnected() {
      Fleet.until(
          "its server's tools are there",
          () -> admin("/admin/v1/tools").toString().contains("behind__look"));
      Fleet.until("the fleet is there", () -> mode().equals("connected"));
    }

    void untilDegraded() {
      Fleet.until("Redis is missed", () -> mode().equals("degraded"));
    }

    void untilUsed(long used) {
      untilUsed("daily", used);
    }

    void untilUsed(String limit, long used) {
      Fleet.until("it knows that " + used + " are used", () -> used(limit) == used);
    }

    private String mode() throws Exception {
      return admin("/admin/v1/status").path("fleet").path("mode").asText();
    }

    private long used(String limit) throws Exception {
      for (JsonNode one : admin("/admin/v1/limits").path("limits")) {
        if (one.path("limit").asText().equals(limit)) {
          return one.path("used").asLong();
        }
      }
      return 0;
    }

    private JsonNode admin(String path) throws Exception {
      String token = Files.readString(home.resolve("data/operator.token")).strip();
      HttpRequest request =
          HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + adminPort + path))
              .header("authorization", "Bearer " + token)
              .timeout(Duration.ofSeconds(20))
              .build();
      return JSON.readTree(http.send(request, BodyHandlers.ofString()).body());
    }

    @Override
    public void close() {
      caller.close();
      gatehouse.close();
    }
  }
}
