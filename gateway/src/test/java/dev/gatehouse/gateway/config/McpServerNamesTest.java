package dev.gatehouse.gateway.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Names that an MCP server may not have, since they stand for something else. */
final class McpServerNamesTest {

  private static final String URL = "url: \"http://127.0.0.1:1/mcp\"";

  @TempDir Path directory;

  private GatewayConfig load(String servers) throws ConfigException {
    return ConfigLoader.parse(
        directory.resolve("gatehouse.yaml"), "agents: []\nmcpServers:\n" + servers, Map.of());
  }

  @ParameterizedTest
  @CsvSource({
    "gatehouse, the gateway's own tools",
    "Gatehouse, the gateway's own tools",
    "llm, all models",
    "LLM, all models"
  })
  void whatStandsForAPartOfTheGatewayIsRefusedAsNameAndAsPrefix(String taken, String what) {
    String said = "'" + taken + "' stands for " + what + " in policies, stops and rows; give the";
    assertThat(problems("  " + taken + ": {" + URL + "}\n"))
        .contains("gatehouse.yaml:3:", said + " server another name");
    assertThat(problems("  fine: {" + URL + ", prefix: " + taken + "}\n"))
        .contains("gatehouse.yaml:3:", said + " server another prefix");
  }

  @Test
  void namesThatOnlyBeginSoAreFree() throws ConfigException {
    assertThat(
            load("  gatehouse-docs: {" + URL + "}\n  llms: {" + URL + ", prefix: \"\"}\n")
                .mcpServers())
        .hasSize(2);
  }

  private String problems(String servers) {
    ConfigException refused = catchThrowableOfType(ConfigException.class, () -> load(servers));
    assertThat(refused).as(servers).isNotNull();
    return refused.problems().toString();
  }
}
