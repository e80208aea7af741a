package dev.gatehouse.connectors;

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
 */
public record UpstreamGovernance(
    String connectorClass,
    TargetTier environment,
    Map<Glob, OperationType> operations,
    Optional<String> prefix) {

  /** The strict defaults: an external connector in production, nothing said about its tools. */
  public static final UpstreamGovernance STRICT =
      new UpstreamGovernance("external", TargetTier.PROD, Map.of(), Optional.empty());

  public UpstreamGovernance {
    operations = Map.copyOf(operations);
    if (connectorClass.isBlank()) {
      throw new IllegalArgumentException("the connector class of an MCP server is empty");
    }
  }

  /** The target as rows and policies name it. */
  String target() {
    return environment.name().toLowerCase(Locale.ROOT);
  }
}
