package dev.gatehouse.failover;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.gatehouse.core.approval.ApprovalRequest;
import dev.gatehouse.gateway.Gatehouse;
import dev.gatehouse.gateway.config.ConfigException;
import dev.gatehouse.gateway.config.ConfigLoader;
import dev.gatehouse.registry.AgentKeys;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * One gateway of a fleet, whole, with its operator and an agent that may change things only with an
 * approval or a grant. What people are asked is answered at this node.
 */
final class GovernedNode implements AutoCloseable {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final AtomicInteger CALLS = new AtomicInteger();

  final String name;
  private final Path directory;
  private final int port = Ports.free();
  private final int adminPort = Ports.free();
  private final String upstream;
  private final int redisPort;
  private final String secret;
  private final String manifest;
  private final AgentKeys.GeneratedKey key;
  private final Caller agent;
  private final HttpClient operator =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private @Nullable Gatehouse gatehouse;

  /**
   * @param upstream where the things are that the agent changes
   * @param redisPort that of the fleet's Redis, or of a way there
   * @param key the agent's, at all nodes
   * @param secret the fleet's
   * @param manifest what the agent declares beside its tools
   */
  GovernedNode(
      Path directory,
      String name,
      String upstream,
      int redisPort,
      AgentKeys.GeneratedKey key,
      String secret,
      String manifest)
      throws IOException {
    this.secret = secret;
    this.manifest = manifest;
    this.directory = Files.createDirectories(directory.resolve(name));
    this.name = name;
    this.upstream = upstream;
    this.redisPort = redisPort;
    this.key = key;
    this.agent = new Caller(port, key.key());
    start();
  }

  private String config() {
    return """
    node: %s
    server: {host: 127.0.0.1, port: %d, event_loops: 1}
    admin: {host: 127.0.0.1, port: %d}
    data_dir: ./data
    audit: {segment_bytes: 1MiB}
    agents:
      - {id: helper, owner: Ada, purpose: tests, credentials: [{sha256: %s}],
         tools: ["up__*", request_grant], approval_hold: 50ms%s}
    mcpServers:
      up: {type: http, url: "%s", class: customer_data, environment: prod}
    grants: {approvers: ["user:local-operator"]}
    fleet:
      secret: %s
      redis: {url: "redis://127.0.0.1:%d", command_timeout: 1s, connect_timeout: 5s, retry_max: 200ms}
    """
        .formatted(
            name, port, adminPort, key.digest().hex(), manifest, upstream, secret, redisPort);
  }

  void start() throws IOException {
    Path file = directory.resolve("gatehouse.yaml");
    Files.writeString(file, config());
    try {
      gatehouse = Gatehouse.start(ConfigLoader.load(file, Map.of()));
    } catch (ConfigException e) {
      throw new AssertionError("the config of " + name + " is refused", e);
    }
    Fleet.until(name + " is ready", gatehouse()::ready);
  }

  private Gatehouse gatehouse() {
    return java.util.Objects.requireNonNull(gatehouse);
  }

  void untilMode(String mode) {
    Fleet.until(
        name + " is " + mode,
        () ->
            admin("GET", "/admin/v1/status", "").path("fleet").path("mode").asText().equals(mode));
  }

  /** How many notes it ignored, as it says. */
  long forged() {
    return admin("GET", "/admin/v1/status", "").path("fleet").path("forged").asLong();
  }

  // --- the agent ---------------------------------------------------------------------------------

  /** Asks for a grant of some minutes, has it approved here, and gives its id. */
  String granted(int minutes) throws IOException, InterruptedException {
    String wanted = wanted(minutes);
    assertThat(call("request_grant", wanted).path("structuredContent").has("grant")).isFalse();
    approve();
    return opened(wanted).path("grant").asText();
  }

  static String wanted(int minutes) {
    return "{\"tool\":\"up__change\",\"minutes\":%d,\"reason\":\"an incident %d\"}"
        .formatted(minutes, CALLS.incrementAndGet());
  }

  JsonNode opened(String wanted) throws IOException, InterruptedException {
    JsonNode opened = call("request_grant", wanted);
    assertThat(opened.path("structuredContent").has("grant")).as("%s", opened).isTrue();
    return opened.path("structuredContent");
  }

  /** Whether the agent may change things here now. */
  boolean lets() throws IOException, InterruptedException {
    return answer("up__change").equals("done");
  }

  /** Whether the agent may look at things here now. */
  boolean letsLook() throws IOException, InterruptedException {
    return answer("up__look").equals("done");
  }

  /** What the agent is told when it calls that now, with arguments that it never had before. */
  String answer(String tool) throws IOException, InterruptedException {
    return call(tool, "{\"n\":%d}".formatted(CALLS.incrementAndGet()))
        .path("content")
        .path(0)
        .path("text")
        .asText();
  }

  JsonNode call(String tool, String arguments) throws IOException, InterruptedException {
    return agent.call(tool, arguments).path("result");
  }

  // --- the operator ------------------------------------------------------------------------------

  /** Says yes to the question that the agent's request for a grant asks here. */
  void approve() {
    Fleet.until("a question waits at " + name, () -> question() != null);
    String id = java.util.Objects.requireNonNull(question()).id().value();
    JsonNode answer =
        admin("POST", "/admin/v1/approvals/" + id + "/approve", "{\"reason\":\"ok\"}");
    assertThat(answer.has("error")).as("%s", answer).isFalse();
  }

  private @Nullable ApprovalRequest question() {
    return gatehouse().approvals().pending().stream()
        .filter(asked -> asked.tool().equals("request_grant"))
        .findFirst()
        .orElse(null);
  }

  JsonNode revoke(String grant) {
    return admin("POST", "/admin/v1/grants/" + grant + "/revoke", "{\"reason\":\"done\"}");
  }

  JsonNode publish(String policies) {
    return admin(
        "POST",
        "/admin/v1/policies",
        JSON.createObjectNode().put("text", policies).put("reason", "ticket 7").toString());
  }

  JsonNode rollBack(int version) {
    return admin(
        "POST",
        "/admin/v1/policies/rollback",
        "{\"version\":%d,\"reason\":\"over\"}".formatted(version));
  }

  /** The digest of the published version in force here; empty when none is. */
  String policies() {
    JsonNode listed = admin("GET", "/admin/v1/policies", "");
    for (JsonNode version : listed.path("versions")) {
      if (version.path("number").asInt() == listed.path("in_force").asInt()) {
        return version.path("digest").asText();
      }
    }
    return "";
  }

  /** How many grants are open here. */
  int grants() {
    return admin("GET", "/admin/v1/grants", "").path("grants").size();
  }

  JsonNode admin(String method, String path, String body) {
    try {
      String token = Files.readString(directory.resolve("data/operator.token")).strip();
      HttpRequest request =
          HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + adminPort + path))
              .method(
                  method, body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body))
              .header("authorization", "Bearer " + token)
              .header("content-type", "application/json")
              .timeout(Duration.ofSeconds(20))
              .build();
      return JSON.readTree(operator.send(request, BodyHandlers.ofString()).body());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  Path audit() {
    return directory.resolve("data").resolve("audit");
  }

  void stop() {
    Gatehouse open = gatehouse;
    gatehouse = null;
    if (open != null) {
      open.close();
    }
  }

  @Override
  public void close() {
    stop();
    agent.close();
    operator.close();
  }
}
