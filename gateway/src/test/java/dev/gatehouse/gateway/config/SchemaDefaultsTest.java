package dev.gatehouse.gateway.config;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The defaults that the schema tells editors are the ones that hold. */
final class SchemaDefaultsTest {

  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir Path directory;

  @Test
  void aFileThatSpellsOutEveryDefaultOfTheSchemaMeansTheSameAsAnEmptyOne() throws Exception {
    JsonNode schema = JSON.readTree(ConfigLoader.schema());
    ObjectNode spelledOut = (ObjectNode) defaults(schema, schema);
    spelledOut.putArray("agents");
    int count = spelledOut.toString().split("\":[^{]", -1).length - 1;

    GatewayConfig explicit = load(spelledOut.toString());
    GatewayConfig implicit = load("agents: []");

    assertThat(count).as("defaults in the schema").isGreaterThan(60);
    assertThat(explicit).isEqualTo(implicit);
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
