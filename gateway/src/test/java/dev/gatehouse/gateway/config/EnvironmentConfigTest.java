package dev.gatehouse.gateway.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.registry.AgentKeys;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class EnvironmentConfigTest {

  @TempDir Path directory;

  @Test
  void withoutKeysThereIsNothingToServe() throws Exception {
    assertThat(EnvironmentConfig.of(file(), Map.of())).isEmpty();
    assertThat(directory).isEmptyDirectory();
  }

  @Test
  void bothKeysRouteClaudeModelsToAnthropicAndTheRestToOpenai() throws Exception {
    GatewayConfig config =
        EnvironmentConfig.of(file(), Map.of("ANTHROPIC_API_KEY", "a", "OPENAI_API_KEY", "o"))
            .orElseThrow();

    assertThat(config.llm().routes())
        .extracting(route -> route.model() + " " + route.targets().getFirst().provider())
        .containsExactly("claude-* anthropic", "* openai");
  }

  @Test
  void theAgentsKeyIsKeptForTheOwnerOnlyAndUsedAgain() throws Exception {
    Map<String, String> environment = Map.of("OPENAI_API_KEY", "o");
    GatewayConfig first = EnvironmentConfig.of(file(), environment).orElseThrow();
    GatewayConfig second = EnvironmentConfig.of(file(), environment).orElseThrow();
    Path key = directory.resolve("data").resolve(EnvironmentConfig.KEY_FILE);

    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(key)))
        .isEqualTo("rw-------");
    assertThat(first.agents().getFirst().credentials())
        .containsExactly(AgentKeys.digest(Files.readString(key).strip()));
    assertThat(second.agents()).isEqualTo(first.agents());
  }

  private Path file() {
    return directory.resolve("gatehouse.yaml");
  }
}
