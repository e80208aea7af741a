package dev.gatehouse.gateway.config;

import dev.gatehouse.registry.AgentKeys;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.Optional;

/**
 * The config of somebody who has none yet, only provider keys in the environment: {@code
 * ANTHROPIC_API_KEY}, {@code OPENAI_API_KEY}. One agent may use every model; its key is kept in the
 * data directory.
 */
public final class EnvironmentConfig {

  /** Where the agent's key is kept, below the data directory; readable by its owner only. */
  public static final String KEY_FILE = "default-agent.key";

  private static final String ANTHROPIC =
      """
        anthropic: {type: anthropic, api_key: "${ANTHROPIC_API_KEY}"}
      """;

  private static final String OPENAI =
      """
        openai: {type: openai, api_key: "${OPENAI_API_KEY}"}
      """;

  private static final String BOTH =
      """
        - {name: "claude-*", providers: [anthropic]}
        - {name: "*", providers: [openai]}
      """;

  private EnvironmentConfig() {}

  /**
   * The config; empty when the environment has neither key. Makes the agent's key when there is
   * none yet.
   */
  public static Optional<GatewayConfig> of(Path missingFile, Map<String, String> environment)
      throws IOException, ConfigException {
    boolean anthropic = !environment.getOrDefault("ANTHROPIC_API_KEY", "").isEmpty();
    boolean openai = !environment.getOrDefault("OPENAI_API_KEY", "").isEmpty();
    if (!anthropic && !openai) {
      return Optional.empty();
    }
    String key = key(missingFile.toAbsolutePath().resolveSibling("data"));
    String models = anthropic && openai ? BOTH : only(anthropic ? "anthropic" : "openai");
    String text =
        """
        agents:
          - id: default
            owner: whoever started the gateway
            purpose: first steps
            credentials: [{sha256: %s}]
            models: ["*"]
        providers:
        %s%smodels:
        %s\
        """
            .formatted(
                AgentKeys.digest(key).hex(),
                anthropic ? ANTHROPIC : "",
                openai ? OPENAI : "",
                models);
    return Optional.of(ConfigLoader.parse(missingFile, text, environment));
  }

  private static String only(String provider) {
    return "  - {name: \"*\", providers: [" + provider + "]}\n";
  }

  private static String key(Path dataDir) throws IOException {
    Path file = dataDir.resolve(KEY_FILE);
    if (!Files.exists(file)) {
      Files.createDirectories(
          dataDir,
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
      Files.createFile(
          file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
      Files.writeString(file, AgentKeys.generate().key() + "\n", StandardOpenOption.WRITE);
    }
    return Files.readString(file).strip();
  }
}
