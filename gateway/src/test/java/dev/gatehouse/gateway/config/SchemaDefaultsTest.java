package dev.gatehouse.gateway.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gatehouse.connectors.config.UpstreamLimits;
import dev.gatehouse.fleet.FleetConfig;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The defaults that the schema tells editors are the ones that hold. */
final class SchemaDefaultsTest {

  private static final ObjectMapper JSON = new ObjectMapper();

  private static final String SECRET = "0123456789abcdef0123456789abcdef";

  @TempDir Path directory;

  @Test
  void aFileThatSpellsOutEveryDefaultOfTheSchemaMeansTheSameAsAnEmptyOne() throws Exception {
    JsonNode schema = JSON.readTree(ConfigLoader.schema());
    ObjectNode spelledOut = (ObjectNode) defaults(schema, schema);
    spelledOut.putArray("agents");
    // These name what a file has to define.
    spelledOut.remove(List.of("fleet", "witness", "audit_copy", "grants"));
    ((ObjectNode) spelledOut.path("audit")).remove("timestamps");
    ((ObjectNode) spelledOut.path("approvals")).remove("store");
    int count = spelledOut.toString().split("\":[^{]", -1).length - 1;

    GatewayConfig explicit = load(spelledOut.toString());
    GatewayConfig implicit = load("agents: []");

    assertThat(count).as("defaults in the schema").isGreaterThan(60);
    assertThat(explicit).isEqualTo(implicit);
  }

  @Test
  void anMcpServerThatSpellsOutEveryDefaultMeansTheSameAsOneThatSaysNothing() throws Exception {
    JsonNode schema = JSON.readTree(ConfigLoader.schema());
    ObjectNode spelledOut = (ObjectNode) defaults(schema.at("/$defs/mcpServer"), schema);
    spelledOut.remove(List.of("auth", "class")); // both name what a file has to define
    assertThat(spelledOut.path("limits").size()).as("limits in the schema").isEqualTo(19);
    assertThat(spelledOut.properties().stream().filter(one -> isDuration(one.getValue())).count())
        .as("times in the schema")
        .isEqualTo(11);
    ObjectNode silent = JSON.createObjectNode();

    for (ObjectNode server : List.of(spelledOut, silent)) {
      server.put("command", "serve");
    }

    assertThat(load(withServer(spelledOut)).mcpServers())
        .isEqualTo(load(withServer(silent)).mcpServers());
  }

  /** Sections that are there only where a file says where something is. */
  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "/$defs/fleet/properties/redis | 'fleet': {'secret': '0123456789abcdef0123456789abcdef',"
            + " 'redis': %s} | {'url': 'rediss://redis.example.com:6380/1'}",
        "/$defs/witness/properties/s3 | 'witness': {'s3': %s} | {'bucket': 'records'}",
        "/$defs/auditCopy/properties/postgres | 'audit_copy': {'postgres': %s} | {'url':"
            + " 'postgresql://db.example/audit', 'user': 'gateway'}",
        "/$defs/approvals/properties/store/properties/postgres | 'approvals': {'store':"
            + " {'postgres': %s}} | {'url': 'postgresql://db.example/gate', 'user': 'gateway'}",
        "/$defs/audit/properties/timestamps | 'audit': {'timestamps': %s} | {'url':"
            + " 'https://tsa.example/'}",
        "/$defs/grants | 'grants': %s | {'approvers': ['group:leads']}",
      })
  void aPlaceThatSpellsOutEveryDefaultMeansTheSameAsOneThatOnlySaysWhere(
      String declared, String section, String where) throws Exception {
    JsonNode schema = JSON.readTree(ConfigLoader.schema());
    JsonNode silent = JSON.readTree(where.replace('\'', '"'));
    ObjectNode spelledOut = (ObjectNode) defaults(schema.at(declared), schema);
    assertThat(spelledOut.isEmpty()).as("defaults in the schema").isFalse();
    spelledOut.setAll((ObjectNode) silent);
    String document = "{'agents': [], %s}".formatted(section).replace('\'', '"');

    assertThat(load(document.formatted(spelledOut)))
        .isEqualTo(load(document.formatted(silent)))
        .isNotEqualTo(load("agents: []"));
  }

  private Optional<FleetConfig> fleet(ObjectNode fleet) throws ConfigException {
    ((ObjectNode) fleet.get("redis")).put("url", "rediss://redis.example.com:6380/1");
    ObjectNode root = JSON.createObjectNode();
    root.putArray("agents");
    root.set("fleet", fleet);
    if (!fleet.has("secret")) {
      fleet.put("secret", SECRET);
    }
    return load(root.toString()).fleet();
  }

  @Test
  void passwordOfTheFleetsRedisIsNotShown() throws Exception {
    ObjectNode fleet = JSON.createObjectNode();
    fleet.putObject("redis").put("password", "hunter2");

    assertThat(fleet(fleet).orElseThrow().password()).contains("hunter2");
    assertThat(fleet(fleet).toString()).doesNotContain("hunter2");
  }

  @ParameterizedTest(name = "{0}")
  @ValueSource(strings = {"secret", "secret_before"})
  void aFleetsSecretIsNotShownAndOneThatIsTooShortIsRefusedByItsLength(String key)
      throws Exception {
    ObjectNode fleet = JSON.createObjectNode();
    fleet.put(key, "hunter2-hunter2-hunter2-hunter2-hunter2").putObject("redis");
    assertThat(fleet(fleet).orElseThrow().toString()).doesNotContain("hunter2");
    assertThat(load("agents: []").toString()).doesNotContain("hunter2");

    fleet.put(key, "hunter2-hunter2-hunter2-hunter2");
    assertThatThrownBy(() -> fleet(fleet))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("fleet." + key + " is a text of 32 to 4096 bytes")
        .hasMessageContaining("this has 31; make one with: openssl rand -base64 32")
        .hasMessageNotContaining("hunter2");
  }

  @Test
  void aFleetWithoutSecretIsRefused() {
    assertThatThrownBy(() -> load("{agents: [], fleet: {redis: {url: 'redis://localhost:6379'}}}"))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("fleet.secret is a text of 32 to 4096 bytes")
        .hasMessageContaining("this has 0; make one with: openssl rand -base64 32");
  }

  @Test
  void whatRedisKnowsIsNoSecretOfTheFleet() {
    ObjectNode fleet = JSON.createObjectNode();
    fleet.put("secret", SECRET).putObject("redis").put("password", SECRET);
    assertThatThrownBy(() -> fleet(fleet))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("fleet.secret is the password of the fleet's Redis")
        .hasMessageNotContaining(SECRET);
  }

  @Test
  void limitsOfAnMcpServerAreTakenUpToTheirCeilings() throws Exception {
    String server = "{\"command\":\"serve\",\"limits\":{\"message_bytes_max\":\"%s\"}}";

    assertThat(
            load(withServer(JSON.readTree(server.formatted("64MiB"))))
                .mcpServers()
                .getFirst()
                .limits()
                .messageBytesMax())
        .isEqualTo(UpstreamLimits.MESSAGE_BYTES_CEILING);
    assertThatThrownBy(() -> load(withServer(JSON.readTree(server.formatted("65MiB")))))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("messageBytesMax");
  }

  private static boolean isDuration(JsonNode value) {
    return value.isTextual() && value.asText().matches("[0-9]+(ms|s|m|h|d)");
  }

  private static String withServer(JsonNode server) {
    ObjectNode root = JSON.createObjectNode();
    root.putArray("agents");
    root.putObject("mcpServers").set("s", server);
    return root.toString();
  }

  /** A document with every default of an object schema, nested ones included. */
  private static JsonNode defaults(JsonNode object, JsonNode root) {
    ObjectNode document = JSON.createObjectNode();
    object
        .path("properties")
        .properties()
        .forEach(
            member -> {
              JsonNode declared = member.getValue();
              JsonNode referred =
                  declared.has("$ref")
                      ? root.at(declared.get("$ref").asText().substring(1))
                      : declared;
              if (declared.has("default")) {
                document.set(member.getKey(), declared.get("default"));
              } else if (referred.has("properties")) {
                document.set(member.getKey(), defaults(referred, root));
              }
            });
    return document;
  }

  private GatewayConfig load(String text) throws ConfigException {
    return ConfigLoader.parse(directory.resolve("gatehouse.yaml"), text, Map.of());
  }
}
