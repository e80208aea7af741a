package dev.gatehouse.gateway.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatehouse.connectors.scan.Detector;
import dev.gatehouse.connectors.scan.ScanAction;
import dev.gatehouse.connectors.scan.ScanRules;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ScanConfigTest {

  @TempDir Path directory;

  @Test
  void aServersRulesForScansGoBeforeTheGlobalOnesAndThoseBeforeTheDefaults()
      throws ConfigException {
    List<ScanRules> rules =
        load(
            """
            agents: []
            scan:
              results: {instruction: block, secret: flag}
            mcpServers:
              a: {url: 'http://127.0.0.1:1/mcp'}
              b:
                url: 'http://127.0.0.1:1/mcp'
                scan:
                  definitions: {instruction: block}
                  results: {secret: off}
            """);

    assertThat(rules.getFirst().results())
        .containsEntry(Detector.INSTRUCTION, ScanAction.BLOCK)
        .containsEntry(Detector.SECRET, ScanAction.FLAG)
        .containsEntry(Detector.HIDDEN_UNICODE, ScanAction.REDACT);
    assertThat(rules.getLast().results())
        .containsEntry(Detector.INSTRUCTION, ScanAction.BLOCK)
        .containsEntry(Detector.SECRET, ScanAction.OFF);
    assertThat(rules.getLast().definitions())
        .containsEntry(Detector.INSTRUCTION, ScanAction.BLOCK)
        .containsEntry(Detector.HIDDEN_UNICODE, ScanAction.BLOCK);
  }

  @Test
  void definitionsCannotBeRedacted() {
    assertThatThrownBy(
            () ->
                load(
                    """
                    agents: []
                    scan:
                      definitions: {secret: redact}
                    """))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining(
            "gatehouse.yaml:3:25: scan.definitions.secret must be one of off, flag, block");
  }

  private List<ScanRules> load(String text) throws ConfigException {
    return ConfigLoader.parse(directory.resolve("gatehouse.yaml"), text, Map.of())
        .mcpServers()
        .stream()
        .map(server -> server.governance().scan())
        .toList();
  }
}
