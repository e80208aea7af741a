package dev.gatehouse.gateway.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatehouse.gateway.Gatehouse;
import dev.gatehouse.gateway.ServerBehind;
import dev.gatehouse.gateway.config.ConfigLoader;
import dev.gatehouse.registry.AgentKeys;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Policies that operators publish to a whole gateway, and calls that they judge. */
final class PolicyPublishTest {

  private static final String NO_MODELS =
      """
      policy "no-models":
        when: llm.*
        then: deny(severity="high")
      """;

  @RegisterExtension final Printed printed = new Printed();
  @TempDir Path directory;
  private final AgentKeys.GeneratedKey key = AgentKeys.generate();
  private final ServerBehind behind = new ServerBehind();
  private final HttpClient client = HttpClient.newHttpClient();
  private int port;
  private int adminPort;
  private Path config;
  private Gatehouse gatehouse;

  @BeforeEach
  void start() throws Exception {
    port = freePort();
    adminPort = freePort();
    config = directory.resolve("gatehouse.yaml");
    Files.writeString(config, config(""));
    gatehouse = Gatehouse.start(ConfigLoader.load(config, Map.of()));
  }

  @AfterEach
  void stop() {
    gatehouse.close();
    client.close();
    behind.close();
  }

  @Test
  void whatIsPublishedHoldsAtOnceAndOverARestartUntilItIsTakenBack() throws Exception {
    assertThat(modelCall()).isEqualTo(200);
    assertThat(publish(NO_MODELS)).isZero();
    assertThat(printed.text()).contains("version 1 is in force with 1 policies, in place of none");
    assertThat(modelCall()).isEqualTo(403);

    gatehouse.close();
    gatehouse = Gatehouse.start(ConfigLoader.load(config, Map.of()));
    assertThat(modelCall()).isEqualTo(403);
    printed.reset();
    assertThat(run("policy", "versions")).isZero();
    assertThat(printed.lines().get(1)).contains("1", "yes", "local", "ticket 7");
    assertThat(run("policy", "versions", "1")).isZero();
    assertThat(printed.text()).contains("policy \"no-models\":");

    assertThat(run("policy", "rollback", "--reason", "too strict")).isZero();
    assertThat(modelCall()).isEqualTo(200);
    assertThat(run("policy", "rollback", "1", "--reason", "after all")).isZero();
    assertThat(modelCall()).isEqualTo(403);
  }

  @Test
  void whatIsRefusedChangesNothing() throws Exception {
    assertThat(publish(NO_MODELS)).isZero();
    assertThat(publish("policy \"half\":\n  when: llm.*\n")).isNotZero();
    assertThat(run("policy", "rollback", "7", "--reason", "r")).isNotZero();
    assertThat(run("policy", "rollback", "1")).as("without a reason").isNotZero();
    assertThat(modelCall()).isEqualTo(403);
  }

  @Test
  void aNameStandsInOnePlaceOnly() throws Exception {
    String own = "policies: [{policy: no-models, when: \"llm.*\", then: {effect: deny}}]\n";
    assertThat(publish(NO_MODELS)).isZero();
    assertThat(gatehouse.reload(ConfigLoader.parse(config, config(own), Map.of())))
        .singleElement()
        .asString()
        .contains("policy 'no-models' stands in the config and is published, too");
    gatehouse.close();
    Files.writeString(config, config(own));
    assertThatThrownBy(() -> Gatehouse.start(ConfigLoader.load(config, Map.of())))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("rename one");

    Files.writeString(config, config(own.replace("no-models", "other")));
    gatehouse = Gatehouse.start(ConfigLoader.load(config, Map.of()));
    assertThat(publish(NO_MODELS.replace("no-models", "other"))).isNotZero();
  }

  private int publish(String text) throws IOException {
    Path file = directory.resolve("new.policy");
    Files.writeString(file, text);
    return run("policy", "publish", file.toString(), "--reason", "ticket 7");
  }

  private int run(String... command) {
    String[] all = Arrays.copyOf(command, command.length + 2);
    all[command.length] = "-c";
    all[command.length + 1] = config.toString();
    return GatehouseCommand.run(all);
  }

  private int modelCall() throws Exception {
    return client
        .send(
            HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/v1/chat/completions"))
                .header("authorization", "Bearer " + key.key())
                .header("content-type", "application/json")
                .POST(
                    BodyPublishers.ofString(
                        "{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}"))
                .build(),
            BodyHandlers.ofString())
        .statusCode();
  }

  private String config(String more) {
    return """
    server: {port: %d, event_loops: 1}
    admin: {port: %d}
    data_dir: %s
    audit: {segment_bytes: 1MiB}
    agents:
      - {id: a, owner: Ada, purpose: tests, credentials: [{sha256: %s}], models: ["*"]}
    providers:
      one: {type: openai, base_url: "http://127.0.0.1:%d/v1", api_key: k}
    models:
      - {name: m, providers: [one]}
    %s
    """
        .formatted(
            port, adminPort, directory.resolve("data"), key.digest().hex(), behind.port(), more);
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }
}
