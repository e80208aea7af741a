package dev.gatehouse.gateway;

import dev.gatehouse.connectors.McpConnectors;
import dev.gatehouse.core.audit.AuditLog;
import dev.gatehouse.core.limit.Limits;
import dev.gatehouse.core.tool.ToolCatalog;
import dev.gatehouse.gateway.config.GatewayConfig;
import dev.gatehouse.gateway.state.PairedStateReader;
import dev.gatehouse.policy.Governance;
import dev.gatehouse.registry.LiveRegistry;
import io.vertx.core.Vertx;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.List;
import java.util.Optional;

/**
 * What judges calls and the tools that they call: governance and the rules in force, limits, the
 * connectors to the upstreams, and the reading of states for those who approve. Thread-safe.
 */
final class Governing implements AutoCloseable {

  private final Governance governance;
  private final Limits limits;
  private final McpConnectors connectors;
  private final ToolCatalog tools;
  private final RulesInForce rules;
  private final PairedStateReader states;

  private Governing(
      Governance governance,
      Limits limits,
      McpConnectors connectors,
      ToolCatalog tools,
      RulesInForce rules,
      PairedStateReader states) {
    this.governance = governance;
    this.limits = limits;
    this.connectors = connectors;
    this.tools = tools;
    this.rules = rules;
    this.states = states;
  }

  /** Takes up what was kept, and begins to connect; rules are on record before a tool is known. */
  static Governing start(
      Vertx vertx,
      Clock clock,
      GatewayConfig config,
      KeptState kept,
      LiveRegistry registry,
      AuditLog rows) {
    Governance governance =
        Governance.start(
            config.governance().with(kept.policies().rulesInForce()),
            config.governanceLimits(),
            registry,
            rows,
            clock,
            kept.approvals(),
            kept.stops(),
            kept.grants());
    Limits limits = new Limits(clock, System::nanoTime);
    limits.replaceOfTools(config.toolLimits());
    McpConnectors connectors =
        McpConnectors.start(
            vertx,
            clock,
            new SecureRandom(),
            Optional.of(kept.pins()),
            kept.oauth(),
            config.mcpServers());
    ToolCatalog tools = governance.grantOver(connectors);
    RulesInForce rules =
        new RulesInForce(
            governance, config.governance(), kept.policies(), rows, clock, tools::tools);
    PairedStateReader states =
        new PairedStateReader(vertx, governance.gate(), connectors, clock, config.states());
    governance.readStatesBy(states);
    return new Governing(governance, limits, connectors, tools, rules, states);
  }

  /** Why the rules cannot be these; empty when they can. */
  List<String> misfits(GatewayConfig next) {
    return rules.misfits(next.governance());
  }

  /** Puts in force what fits. */
  void replace(GatewayConfig next) {
    rules.replace(next.governance());
    limits.replaceOfTools(next.toolLimits());
    connectors.replace(next.mcpServers());
    states.replace(next.states());
  }

  Governance governance() {
    return governance;
  }

  RulesInForce rules() {
    return rules;
  }

  Limits limits() {
    return limits;
  }

  McpConnectors connectors() {
    return connectors;
  }

  /**
   * What agents see: the connectors' tools and, where there are grants, the one to ask for them.
   */
  ToolCatalog tools() {
    return tools;
  }

  @Override
  public void close() {
    Steps.quietly("connectors", connectors::close);
    Steps.quietly("governance", governance::close);
  }
}
