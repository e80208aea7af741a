package dev.gatehouse.gateway.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatehouse.gateway.state.StatePair;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code state} of an MCP server: read tools paired with the tools that change. */
final class StatesConfigTest {

  @TempDir Path directory;

  @Test
  void aPairNamesBothToolsAndTheArguments() throws ConfigException {
    assertThat(
            load(
                """
                mcpServers:
                  tickets:
                    url: 'http://127.0.0.1:1/mcp'
                    state:
                      close: {tool: get, arguments: {id: $.id, deep: true}, ignore: [seen_at]}
                """))
        .containsExactly(
            new StatePair(
                "tickets", "close", "get", Map.of("id", "$.id", "deep", true), List.of("seen_at")));
  }

  @Test
  void aPathThatIsNoneIsToldWithItsPlace() {
    assertThatThrownBy(
            () ->
                load(
                    """
                    mcpServers:
                      tickets:
                        url: 'http://127.0.0.1:1/mcp'
                        state:
                          close: {tool: get, arguments: {id: $id}}
                    """))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("gatehouse.yaml:6")
        .hasMessageContaining("'$id' is no path; write $.name");
  }

  @Test
  void aPairWithoutAReadToolIsRefused() {
    assertThatThrownBy(
            () ->
                load(
                    """
                    mcpServers:
                      tickets: {url: 'http://127.0.0.1:1/mcp', state: {close: {arguments: {}}}}
                    """))
        .hasMessageContaining("tool");
  }

  private List<StatePair> load(String text) throws ConfigException {
    return ConfigLoader.parse(directory.resolve("gatehouse.yaml"), "agents: []\n" + text, Map.of())
        .states();
  }
}
