package dev.gatehouse.gateway.config;

import dev.gatehouse.audit.AuditConfig;
import dev.gatehouse.gateway.config.GatewayConfig.Endpoint;
import dev.gatehouse.gateway.config.GatewayConfig.Server;
import dev.gatehouse.policy.RiskTables;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.MalformedInputException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * Turns a config file into a {@link GatewayConfig}, or says everything that is wrong with it.
 * Blocks; for virtual threads.
 */
public final class ConfigLoader {

  /** The largest file that is read. */
  public static final long FILE_BYTES_MAX = 8L << 20;

  private static final SchemaCheck SCHEMA = new SchemaCheck();

  private ConfigLoader() {}

  /**
   * Loads a file.
   *
   * @param environment what {@code ${VAR}} refers to
   * @throws ConfigException with every problem, when there is one
   */
  public static GatewayConfig load(Path file, Map<String, String> environment)
      throws ConfigException {
    return parse(file, text(file), environment);
  }

  /** Loads a text that stands, or would stand, in that file: relative paths start there. */
  public static GatewayConfig parse(Path file, String text, Map<String, String> environment)
      throws ConfigException {
    Path directory = file.toAbsolutePath().normalize().getParent();
    if (directory == null) {
      throw new ConfigException(
          List.of(new ConfigProblem(file.toString(), 1, 1, "is a directory")));
    }
    Problems problems = new Problems(file.toString());
    YamlDocument document =
        YamlDocument.parse(text, new Interpolation(environment, directory), problems);
    problems.throwIfAny();
    SCHEMA.check(document, problems);
    problems.throwIfAny();
    new CrossReferences(document, problems).check(RiskTables.DEFAULT.connectorClass().keySet());
    problems.throwIfAny();
    GatewayConfig config = build(document, directory, problems);
    problems.throwIfAny();
    return config;
  }

  /** The JSON Schema of the config file, for editors. */
  public static InputStream schema() {
    return SchemaCheck.open();
  }

  private static String text(Path file) throws ConfigException {
    try {
      if (Files.size(file) > FILE_BYTES_MAX) {
        throw new ConfigException(
            List.of(
                new ConfigProblem(
                    file.toString(), 1, 1, "is larger than " + FILE_BYTES_MAX + " bytes")));
      }
      return Files.readString(file);
    } catch (MalformedInputException e) {
      throw new ConfigException(
          List.of(new ConfigProblem(file.toString(), 1, 1, "is not UTF-8 text")));
    } catch (IOException e) {
      throw new ConfigException(
          List.of(new ConfigProblem(file.toString(), 1, 1, "cannot be read: " + e.getMessage())));
    }
  }

  private static GatewayConfig build(YamlDocument document, Path directory, Problems problems) {
    Section root = Section.root(document.root());
    Building building = new Building(document, problems);
    Path dataDir = directory.resolve(root.text("data_dir", "data")).normalize();
    GovernanceReader governance = new GovernanceReader(building);
    RegistryReader registry = new RegistryReader(building);
    AuditConfig audit =
        new AuditReader(building, directory).read(root, dataDir, root.text("node", "local"));
    return new GatewayConfig(
        server(root.section("server")),
        endpoint(root.section("admin"), 4001),
        dataDir,
        root.text("log_level", "info"),
        audit,
        governance.limits(root),
        governance.rules(root),
        registry.agents(root),
        registry.operators(root),
        new McpServersReader(building, directory).read(root),
        new McpReader(building).read(root),
        new LlmReader(building, directory).read(root));
  }

  private static Server server(Section server) {
    return new Server(
        endpoint(server, 4000),
        server.integer("event_loops", Runtime.getRuntime().availableProcessors()),
        server.duration("idle_timeout", Duration.ofMinutes(2)),
        server.integer("connections_max", 20_000));
  }

  private static Endpoint endpoint(Section section, int port) {
    return new Endpoint(section.text("host", "127.0.0.1"), section.integer("port", port));
  }
}
