package dev.gatehouse.connectors.config;

import dev.gatehouse.connectors.pins.PinPolicy;
import dev.gatehouse.connectors.scan.ScanRules;
import dev.gatehouse.core.call.OperationType;
import dev.gatehouse.core.call.TargetTier;
import dev.gatehouse.core.registry.Glob;
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
 * @param scan what is done about what scans find in its definitions and results
 */
public record UpstreamGovernance(
    String connectorClass,
    TargetTier environment,
    Map<Glob, OperationType> operations,
    Optional<String> prefix,
    PinPolicy pinning,
    ScanRules scan) {

  /** The strict defaults: an external connector in production, nothing said about its tools. */
  public static final UpstreamGovernance STRICT =
      new UpstreamGovernance(
          "external", TargetTier.PROD, Map.of(), Optional.empty(), PinPolicy.FIRST_USE);

  public UpstreamGovernance {
    operations = Map.copyOf(operations);
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
    this(connectorClass, environment, operations, prefix, pinning, ScanRules.DEFAULTS);
  }

  /** The same with those rules for scans. */
  public UpstreamGovernance with(ScanRules other) {
    return new UpstreamGovernance(connectorClass, environment, operations, prefix, pinning, other);
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
