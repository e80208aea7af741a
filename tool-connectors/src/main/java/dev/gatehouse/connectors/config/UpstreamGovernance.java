package dev.gatehouse.connectors.config;

import dev.gatehouse.connectors.pins.PinPolicy;
import dev.gatehouse.connectors.scan.ScanRules;
import dev.gatehouse.core.call.OperationType;
import dev.gatehouse.core.call.TargetTier;
import dev.gatehouse.core.registry.Glob;
import dev.gatehouse.core.tool.TargetPaths;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * What the Gate must know of an upstream.
 *
 * @param connectorClass key of the risk table of connector classes
 * @param environment how sensitive what it acts on is
 * @param operations what its tools do, by pattern over the upstream's own tool names; among several
 *     that match, the exact name wins, then the one with the most literal characters, then the
 *     riskier type
 * @param prefix what stands before its tools' names; the server's name when absent, nothing when
 *     present and empty
 * @param pinning how definitions of its tools get approved
 * @param targets where the arguments of its tools name what they act on, by pattern over the
 *     upstream's own tool names; of several that match, all paths count
 * @param scan what is done about what scans find in its definitions and results
 */
public record UpstreamGovernance(
    String connectorClass,
    TargetTier environment,
    Map<Glob, OperationType> operations,
    Optional<String> prefix,
    PinPolicy pinning,
    Map<Glob, TargetPaths> targets,
    ScanRules scan) {

  /** The strict defaults: an external connector in production, nothing said about its tools. */
  public static final UpstreamGovernance STRICT =
      new UpstreamGovernance(
          "external", TargetTier.PROD, Map.of(), Optional.empty(), PinPolicy.FIRST_USE);

  public UpstreamGovernance {
    operations = Map.copyOf(operations);
    targets = Map.copyOf(targets);
    if (connectorClass.isBlank()) {
      throw new IllegalArgumentException("the connector class of an MCP server is empty");
    }
  }

  /** Governance under the default rules for scans. */
  public UpstreamGovernance(
      String connectorClass,
      TargetTier environment,
      Map<Glob, OperationType> operations,
      Optional<String> prefix,
      PinPolicy pinning) {
    this(connectorClass, environment, operations, prefix, pinning, Map.of(), ScanRules.DEFAULTS);
  }

  /** The same with those rules for scans. */
  public UpstreamGovernance with(ScanRules other) {
    return new UpstreamGovernance(
        connectorClass, environment, operations, prefix, pinning, targets, other);
  }

  /** The same with its tools' targets named there. */
  public UpstreamGovernance withTargets(Map<Glob, TargetPaths> paths) {
    return new UpstreamGovernance(
        connectorClass, environment, operations, prefix, pinning, paths, scan);
  }

  /** Where the arguments of that tool name what it acts on. */
  public TargetPaths targetsOf(String upstreamName) {
    return new TargetPaths(
        targets.entrySet().stream()
            .filter(one -> one.getKey().matches(upstreamName))
            .flatMap(one -> one.getValue().paths().stream())
            .distinct()
            .sorted()
            .toList());
  }

  /** Governance under which the first definition of each tool is the approved one. */
  public UpstreamGovernance(
      String connectorClass,
      TargetTier environment,
      Map<Glob, OperationType> operations,
      Optional<String> prefix) {
    this(connectorClass, environment, operations, prefix, PinPolicy.FIRST_USE);
  }

  /** The target as rows and policies name it. */
  public String target() {
    return environment.name().toLowerCase(Locale.ROOT);
  }
}
