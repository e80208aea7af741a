package dev.gatehouse.gateway.config;

import dev.gatehouse.connectors.config.McpServerConfig;
import dev.gatehouse.connectors.config.UpstreamGovernance;
import dev.gatehouse.connectors.config.UpstreamTransport;
import dev.gatehouse.connectors.oauth.ClientMetadata;
import dev.gatehouse.connectors.pins.PinMode;
import dev.gatehouse.connectors.pins.PinPolicy;
import dev.gatehouse.connectors.scan.Detector;
import dev.gatehouse.connectors.scan.ScanAction;
import dev.gatehouse.connectors.scan.ScanLimits;
import dev.gatehouse.connectors.scan.ScanRules;
import dev.gatehouse.core.call.ModelCall;
import dev.gatehouse.core.call.OperationType;
import dev.gatehouse.core.json.Digest;
import dev.gatehouse.core.registry.Glob;
import dev.gatehouse.core.tool.TargetPaths;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Reads {@code mcpServers}: upstreams in the form that MCP clients use, with what the Gate must
 * know of them.
 */
final class McpServersReader {

  /** Connectors that are no MCP servers. */
  private static final Map<String, String> TAKEN =
      Map.of("gatehouse", "the gateway's own tools", ModelCall.CONNECTOR, "all models");

  private final Building building;
  private final Path directory;

  McpServersReader(Building building, Path directory) {
    this.building = building;
    this.directory = directory;
  }

  List<McpServerConfig> read(Section root) {
    List<McpServerConfig> servers = new ArrayList<>();
    Section scan = root.section("scan");
    ScanRules rules =
        building
            .attempt(scan, () -> scanRules(scan, ScanRules.DEFAULTS))
            .orElse(ScanRules.DEFAULTS);
    root.members("mcpServers")
        .forEach(
            (name, section) ->
                building
                    .attempt(section, () -> server(name, section, rules))
                    .ifPresent(servers::add));
    clientMetadata(root, servers);
    return servers;
  }

  /** A document is served at its path, where nothing else may be: not even another document. */
  private void clientMetadata(Section root, List<McpServerConfig> servers) {
    Map<String, ClientMetadata> seen = new HashMap<>();
    for (McpServerConfig server : servers) {
      server
          .clientMetadata()
          .ifPresent(
              document -> {
                String path = document.path();
                ClientMetadata first = seen.putIfAbsent(path, document);
                if (DataPaths.taken(path)) {
                  problem(root, server, "the gateway serves something else at " + path);
                } else if (first != null && !first.equals(document)) {
                  problem(
                      root,
                      server,
                      "another server's document at "
                          + path
                          + " says something else; write the"
                          + " same client_metadata_url, client_name and client_redirect_uris");
                }
              });
    }
  }

  private void problem(Section root, McpServerConfig server, String message) {
    Section auth = root.section("mcpServers").section(server.name()).section("auth");
    building.problem(auth.at("client_metadata_url"), message);
  }

  private McpServerConfig server(String name, Section section, ScanRules rules) {
    checkFree("name", name);
    section.optional("prefix").ifPresent(prefix -> checkFree("prefix", prefix));
    return new McpServerConfig(
        name,
        transport(section),
        governance(section).with(scanRules(section.section("scan"), rules)),
        UpstreamBounds.timeouts(section),
        UpstreamBounds.limits(section.section("limits")),
        Words.era(section.text("era", "auto")),
        section.flag("enabled", true));
  }

  /** Policies, stops, grants and rows tell connectors apart by name, and agents by prefix. */
  private static void checkFree(String what, String word) {
    String taken = TAKEN.get(word.toLowerCase(Locale.ROOT));
    if (taken != null) {
      throw new IllegalArgumentException(
          "'"
              + word
              + "' stands for "
              + taken
              + " in policies, stops and rows; give the server another "
              + what);
    }
  }

  private UpstreamTransport transport(Section section) {
    if (section.has("url")) {
      return new UpstreamTransport.Http(
          URI.create(section.text("url", "")),
          section.textMap("headers"),
          section.has("auth")
              ? Optional.of(new UpstreamAuthReader(directory).read(section.section("auth")))
              : Optional.empty());
    }
    if (section.has("auth")) {
      throw new IllegalArgumentException("auth is for MCP servers with a url");
    }
    return new UpstreamTransport.Stdio(
        section.text("command", ""),
        section.texts("args"),
        section.textMap("env"),
        section.optional("cwd").map(directory::resolve));
  }

  private static UpstreamGovernance governance(Section section) {
    Map<Glob, OperationType> operations = new LinkedHashMap<>();
    section
        .textMap("operations")
        .forEach((pattern, word) -> operations.put(new Glob(pattern), Words.operation(word)));
    return new UpstreamGovernance(
            section.text("class", UpstreamGovernance.STRICT.connectorClass()),
            section.has("environment")
                ? Words.tier(section.text("environment", ""))
                : UpstreamGovernance.STRICT.environment(),
            operations,
            section.optional("prefix"),
            pinning(section))
        .withTargets(targets(section));
  }

  private static Map<Glob, TargetPaths> targets(Section section) {
    Map<Glob, TargetPaths> targets = new LinkedHashMap<>();
    section
        .section("targets")
        .node()
        .fieldNames()
        .forEachRemaining(
            pattern ->
                targets.put(
                    new Glob(pattern), new TargetPaths(section.section("targets").texts(pattern))));
    return targets;
  }

  private static ScanRules scanRules(Section section, ScanRules others) {
    ScanLimits limits =
        new ScanLimits(
            section.integer("characters_max", others.limits().charactersMax()),
            section.integer("findings_max", others.limits().findingsMax()));
    return others.with(actions(section, "definitions"), actions(section, "results")).with(limits);
  }

  private static Map<Detector, ScanAction> actions(Section section, String place) {
    Map<Detector, ScanAction> actions = new EnumMap<>(Detector.class);
    section
        .textMap(place)
        .forEach(
            (detector, action) ->
                actions.put(
                    Words.constant(Detector.class, detector),
                    Words.constant(ScanAction.class, action)));
    return actions;
  }

  private static PinPolicy pinning(Section section) {
    Map<String, Digest> pins = new LinkedHashMap<>();
    section.textMap("pins").forEach((tool, digest) -> pins.put(tool, new Digest(digest)));
    return new PinPolicy(Words.constant(PinMode.class, section.text("pinning", "first_use")), pins);
  }
}
