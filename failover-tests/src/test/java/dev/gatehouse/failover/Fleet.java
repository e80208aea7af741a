package dev.gatehouse.failover;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.github.tomakehurst.wiremock.WireMockServer;
import com.github.tomakehurst.wiremock.client.ResponseDefinitionBuilder;
import com.github.tomakehurst.wiremock.client.WireMock;
import com.github.tomakehurst.wiremock.core.WireMockConfiguration;
import dev.gatehouse.audit.read.AuditReader;
import dev.gatehouse.audit.row.StoredRow;
import dev.gatehouse.audit.verify.AuditReport;
import dev.gatehouse.audit.verify.AuditVerifier;
import dev.gatehouse.fleet.FleetSecret;
import dev.gatehouse.registry.AgentKeys;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;

/**
 * Three gateway processes that share one Redis, in front of two providers; their clocks are five
 * minutes fast, right, and five minutes slow.
 */
final class Fleet implements AutoCloseable {

  static final int SIZE = 3;
  static final String SECRET_TEXT = "what only the gateways of the tests know";
  static final FleetSecret SECRET = new FleetSecret("secret", SECRET_TEXT);
  static final Duration PATIENCE = Duration.ofSeconds(30);

  /** How long a provider rests in these tests; long enough to look, short enough to wait for. */
  static final Duration REST = Duration.ofSeconds(5);

  private static final List<Duration> AHEAD =
      List.of(Duration.ofMinutes(5), Duration.ZERO, Duration.ofMinutes(-5));

  private static final ObjectMapper JSON = new ObjectMapper();

  private static final String GOOD =
      """
      {"id":"c1","object":"chat.completion","created":1,"model":"m","choices":[{"index":0,"message":{"role":"assistant",\
      "content":"hello"},"finish_reason":"stop"}],"usage":{"prompt_tokens":1,"completion_tokens":1,"total_tokens":2}}\
      """;

  final RedisProcess redis;

  /** The last process' way to Redis; the others have none that could be cut. */
  final Cable cable;

  private final WireMockServer providers =
      new WireMockServer(
          WireMockConfiguration.options()
              .dynamicPort()
              .bindAddress("127.0.0.1")
              .containerThreads(64));
  private final AgentKeys.GeneratedKey key = AgentKeys.generate();
  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final List<Node> nodes = new ArrayList<>();
  private volatile String model = "m";
  private int models;

  Fleet(Path directory) throws IOException {
    redis = new RedisProcess(directory);
    cable = new Cable(redis::port);
    providers.start();
    heal();
    for (int i = 0; i < SIZE; i++) {
      nodes.add(
          new Node(
              Files.createDirectory(directory.resolve("node" + i)),
              AHEAD.get(i),
              i == SIZE - 1 ? cable.port() : redis.port()));
    }
    nodes.parallelStream().forEach(Node::ensureStarted);
  }

  Node node(int number) {
    return nodes.get(number);
  }

  List<Node> nodes() {
    return nodes;
  }

  // --- arrange, inject ---------------------------------------------------------------------------

  /**
   * All processes run and reach Redis, all providers serve, and the model that is asked for is one
   * that nobody knows anything bad of: a lane of its own in each test.
   */
  void arrange() throws IOException {
    heal();
    nodes.parallelStream().forEach(Node::ensureStarted);
    model = "m" + ++models;
    for (Node node : nodes) {
      until("the fleet is whole", () -> node.fleetMode().equals("connected"));
      node.asks(1);
      assertThat(node.knows()).isEqualTo("healthy");
    }
    providers.resetRequests();
  }

  void heal() {
    answers("first", WireMock.okJson(GOOD));
    answers("second", WireMock.okJson(GOOD));
  }

  void failing(String provider, int status) {
    String type = status < 500 ? "invalid_request_error" : "server_error";
    answers(
        provider,
        WireMock.jsonResponse(
            "{\"error\":{\"message\":\"no\",\"type\":\"" + type + "\"}}", status));
  }

  /** It takes requests and does not answer for a long time. */
  void silent(String provider) {
    answers(provider, WireMock.okJson(GOOD).withFixedDelay(60_000));
  }

  private void answers(String provider, ResponseDefinitionBuilder answer) {
    providers.stubFor(WireMock.post(path(provider)).willReturn(answer));
  }

  private static String path(String provider) {
    return "/" + provider + "/v1/chat/completions";
  }

  /** How often the provider was asked since the fleet was arranged. */
  int asked(String provider) {
    return providers
        .countRequestsMatching(
            WireMock.postRequestedFor(WireMock.urlEqualTo(path(provider)))
                .withRequestBody(WireMock.containing('"' + model + '"'))
                .build())
        .getCount();
  }

  // --- run until, invariants hold ----------------------------------------------------------------

  static void until(String what, Callable<Boolean> holds) {
    Awaitility.await(what)
        .atMost(PATIENCE)
        .pollDelay(Duration.ZERO)
        .pollInterval(Duration.ofMillis(10))
        .until(holds);
  }

  /** The first provider serves everybody again. */
  void untilRecovered() {
    until(
        "the first provider serves everybody again",
        () -> {
          boolean all = true;
          for (Node node : nodes) {
            all &=
                node.ask()
                    .headers()
                    .firstValue("x-gatehouse-provider")
                    .equals(Optional.of("first"));
          }
          return all;
        });
  }

  /** What must hold after whatever happened: nobody died, nobody hangs, all records are sound. */
  void invariantsHold() throws IOException {
    for (Node node : nodes) {
      assertThat(node.process().alive()).as("process %s", node.directory).isTrue();
      assertThat(node.ask().statusCode()).isEqualTo(200);
    }
  }

  @Override
  public void close() throws IOException {
    nodes.parallelStream().forEach(node -> node.process().close());
    cable.close();
    redis.close();
    providers.stop();
    http.close();
    for (Node node : nodes) {
      AuditReport report = AuditVerifier.verify(node.audit(), node.audit().resolve("witness"));
      assertThat(report).isInstanceOf(AuditReport.Sound.class);
    }
  }

  /** One of the three. */
  final class Node {

    private final Path directory;
    private final Duration ahead;
    private final int port = Ports.free();
    private final int adminPort = Ports.free();
    private final Caller caller = new Caller(port, key.key());
    private @Nullable GatewayProcess process;

    Node(Path directory, Duration ahead, int redisPort) throws IOException {
      this.directory = directory;
      this.ahead = ahead;
      Files.writeString(directory.resolve("gatehouse.yaml"), config(redisPort));
    }

    private String config(int redisPort) {
      return """
      node: %s
      server: {port: %d, event_loops: 1}
      admin: {port: %d}
      audit: {segment_bytes: 1MiB}
      agents:
        - id: loader
          owner: Test Owner
          purpose: Loads the gateway
          credentials: [{sha256: %s}]
          models: ["m*"]
      providers:
        first: {type: openai, base_url: "%s/first/v1", api_key: k}
        second: {type: openai, base_url: "%s/second/v1", api_key: k}
      models:
        - {name: "m*", providers: [first, second]}
      llm: {retries_max: 0, reply_timeout: 50s, breaker: {open_for: %dms}}
      fleet:
        lease: 3s
        secret: %s
        redis: {url: "redis://127.0.0.1:%d", command_timeout: 1s, sync_every: 1s, retry_max: 500ms}
      """
          .formatted(
              directory.getFileName(),
              port,
              adminPort,
              key.digest().hex(),
              providers.baseUrl(),
              providers.baseUrl(),
              REST.toMillis(),
              SECRET_TEXT,
              redisPort);
    }

    void ensureStarted() {
      if (process == null || !process.alive()) {
        try {
          process = GatewayProcess.startSkewed(directory.resolve("gatehouse.yaml"), port, ahead);
        } catch (IOException e) {
          throw new java.io.UncheckedIOException(e);
        }
      }
    }

    GatewayProcess process() {
      return java.util.Objects.requireNonNull(process);
    }

    HttpResponse<String> ask() throws IOException {
      try {
        return caller.ask(model);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IOException(e);
      }
    }

    /** Asks so often, one after the other; all are answered with 200. */
    void asks(int times) throws IOException {
      for (int i = 0; i < times; i++) {
        assertThat(ask().statusCode()).isEqualTo(200);
      }
    }

    Path audit() {
      return directory.resolve("data").resolve("audit");
    }

    /** What it takes the first provider for. */
    String knows() {
      return lane().path("state").asText();
    }

    /** Whether it has learnt that the first provider rests, or rested. */
    boolean knowsBetter() {
      return !knows().equals("healthy");
    }

    /** What it knows of the first provider. */
    JsonNode lane() {
      for (JsonNode lane : admin("/admin/v1/providers").path("providers")) {
        if (lane.path("provider").asText().equals("first")
            && lane.path("model").asText().equals(model)) {
          return lane;
        }
      }
      throw new AssertionError("no lane of the first provider and " + model);
    }

    String fleetMode() {
      return fleet().path("mode").asText();
    }

    JsonNode fleet() {
      return admin("/admin/v1/status").path("fleet");
    }

    private JsonNode admin(String path) {
      try {
        return JSON.readTree(adminText(path));
      } catch (IOException e) {
        throw new java.io.UncheckedIOException(e);
      }
    }

    /** Lets an operator order something here, by POST or DELETE; gives the answer. */
    JsonNode order(String method, String path, String body) throws IOException {
      return JSON.readTree(adminText(method, path, BodyPublishers.ofString(body)));
    }

    /** The value of a metric without labels, or with them written out. */
    String metric(String name) {
      return adminText("/metrics")
          .lines()
          .filter(line -> line.startsWith(name + " "))
          .findFirst()
          .map(line -> line.substring(name.length() + 1))
          .orElse("none");
    }

    private String adminText(String path) {
      return adminText("GET", path, BodyPublishers.noBody());
    }

    private String adminText(String method, String path, BodyPublisher body) {
      try {
        String token = Files.readString(directory.resolve("data/operator.token")).strip();
        HttpRequest request =
            HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + adminPort + path))
                .method(method, body)
                .header("authorization", "Bearer " + token)
                .header("content-type", "application/json")
                .timeout(Duration.ofSeconds(20))
                .build();
        return http.send(request, BodyHandlers.ofString()).body();
      } catch (IOException e) {
        throw new java.io.UncheckedIOException(e);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IllegalStateException(e);
      }
    }

    /** All rows on record whose member is that. */
    List<Map<String, Object>> rows(String member, String value) throws IOException {
      List<Map<String, Object>> rows = new ArrayList<>();
      for (String lineage : AuditReader.lineages(audit())) {
        try (AuditReader reader =
            AuditReader.open(audit(), lineage, new AuditReader.Start.Oldest())) {
          for (Optional<StoredRow> row = reader.poll(); row.isPresent(); row = reader.poll()) {
            if (value.equals(row.get().fields().get(member))) {
              rows.add(row.get().fields());
            }
          }
        }
      }
      return rows;
    }
  }
}
