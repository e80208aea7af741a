package dev.gatehouse.gateway.config;

import dev.gatehouse.audit.AuditConfig;
import dev.gatehouse.gateway.config.GatewayConfig.Endpoint;
import dev.gatehouse.gateway.config.GatewayConfig.Server;
import dev.gatehouse.gateway.config.PolicyFiles.PlacedRule;
import dev.gatehouse.policy.risk.RiskTables;
import dev.gatehouse.policy.rules.PolicyRule;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.MalformedInputException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Turns a config file into a {@link GatewayConfig}, or says everything that is wrong with it.
 * Blocks; for virtual threads.
 */
public final class ConfigLoader {

  /** The largest file that is read. */
  public static final long FILE_BYTES_MAX = 8L << 20;

  private static final SchemaCheck SCHEMA = SchemaCheck.ofFile();

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
    Path directory = directory(file);
    Problems problems = new Problems(file.toString());
    YamlDocument document =
        YamlDocument.parse(text, _ -> true, new Interpolation(environment, directory), problems);
    problems.throwIfAny();
    SCHEMA.check(document, problems);
    problems.throwIfAny();
    new CrossReferences(document, problems).check(RiskTables.DEFAULT.connectorClass().keySet());
    problems.throwIfAny();
    GatewayConfig config = build(document, directory, problems);
    problems.throwIfAny();
    return config;
  }

  /**
   * Where the record of that file's gateway lies. Only what says so is read: references and faults
   * elsewhere in the file do not matter to whoever reads the record.
   */
  public static AuditConfig audit(Path file, Map<String, String> environment)
      throws ConfigException {
    Problems problems = new Problems(file.toString());
    YamlDocument document = part(file, environment, Set.of("data_dir", "node", "audit"), problems);
    AuditConfig audit = audit(document, directory(file), problems);
    problems.throwIfAny();
    return audit;
  }

  /** Where that file's gateway takes operators' commands. Only what says so is read. */
  public static AdminPlace admin(Path file, Map<String, String> environment)
      throws ConfigException {
    Problems problems = new Problems(file.toString());
    Section root =
        Section.root(part(file, environment, Set.of("data_dir", "admin"), problems).root());
    return new AdminPlace(adminEndpoint(root), dataDir(root, directory(file)));
  }

  /** Where that file's gateway keeps the keys that sign its tokens. Only what says so is read. */
  public static Path tokenKeys(Path file, Map<String, String> environment) throws ConfigException {
    Problems problems = new Problems(file.toString());
    Section root = Section.root(part(file, environment, Set.of("data_dir"), problems).root());
    return dataDir(root, directory(file)).resolve(AuthReader.KEY_FILE);
  }

  /** Where a gateway listens for operators, and where the key of the local one lies. */
  public record AdminPlace(Endpoint endpoint, Path dataDir) {}

  private static YamlDocument part(
      Path file, Map<String, String> environment, Set<String> members, Problems problems)
      throws ConfigException {
    YamlDocument document =
        YamlDocument.parse(
            text(file),
            members::contains,
            new Interpolation(environment, directory(file)),
            problems);
    problems.throwIfAny();
    SchemaCheck.ofMembers().check(document, problems);
    problems.throwIfAny();
    return document;
  }

  private static Path directory(Path file) throws ConfigException {
    Path directory = file.toAbsolutePath().normalize().getParent();
    if (directory == null) {
      throw new ConfigException(
          List.of(new ConfigProblem(file.toString(), 1, 1, "is a directory")));
    }
    return directory;
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
    GovernanceReader governance = new GovernanceReader(building);
    RegistryReader registry = new RegistryReader(building);
    NotificationsReader notifications = new NotificationsReader(building);
    return new GatewayConfig(
        server(root.section("server")),
        adminEndpoint(root),
        dataDir(root, directory),
        root.text("log_level", "info"),
        audit(document, directory, problems),
        governance.limits(root),
        governance.rules(root, policyFiles(document, directory, problems)),
        registry.agents(root),
        RegistryReader.retention(root),
        registry.operators(root),
        new AuthReader(building).read(root, dataDir(root, directory)),
        new McpServersReader(building, directory).read(root),
        new StatesReader(building).read(root),
        new McpReader(building).read(root),
        new LlmReader(building, directory).read(root),
        new LimitsReader(building).ofTools(root),
        new FleetReader(building).read(root),
        new AuditCopyReader(building).read(root),
        governance.approvalStore(root),
        notifications.publicUrl(root),
        notifications.read(root));
  }

  /** The rules of the policy directory; refused with the whole config when one is bad. */
  private static List<PolicyRule> policyFiles(
      YamlDocument document, Path directory, Problems problems) {
    Section root = Section.root(document.root());
    if (!root.has("policy_dir")) {
      return List.of();
    }
    Map<String, Integer> inline = new HashMap<>();
    for (Section policy : root.sections("policies")) {
      inline.put(policy.text("policy", ""), document.placeOf(policy.at("policy")).line());
    }
    try {
      List<PlacedRule> placed =
          PolicyFiles.read(directory.resolve(root.text("policy_dir", "")).normalize());
      for (PlacedRule rule : placed) {
        Integer line = inline.get(rule.rule().name());
        if (line != null) {
          problems.add(
              rule.problem(
                  "policy '"
                      + rule.rule().name()
                      + "' stands already in the config, line "
                      + line));
        }
      }
      return placed.stream().map(PlacedRule::rule).toList();
    } catch (ConfigException e) {
      e.problems().forEach(problems::add);
      return List.of();
    }
  }

  private static AuditConfig audit(YamlDocument document, Path directory, Problems problems) {
    Section root = Section.root(document.root());
    return new AuditReader(new Building(document, problems), directory)
        .read(root, dataDir(root, directory), root.text("node", "local"));
  }

  private static Path dataDir(Section root, Path directory) {
    return directory.resolve(root.text("data_dir", "data")).normalize();
  }

  private static Endpoint adminEndpoint(Section root) {
    return endpoint(root.section("admin"), 4001);
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
