package dev.gatehouse.mcp.config;

import dev.gatehouse.core.approval.Approvals;
import dev.gatehouse.core.call.GovernedCall;
import dev.gatehouse.core.context.ContextCatalog;
import dev.gatehouse.core.gate.Allowance;
import dev.gatehouse.core.gate.Gate;
import dev.gatehouse.core.registry.Authenticator;
import dev.gatehouse.core.registry.Registry;
import dev.gatehouse.core.tool.ToolCatalog;
import java.time.Clock;
import java.util.function.Function;

/**
 * The parts of the house that the endpoint works with.
 *
 * @param allowances what calls use up, which the Gate asks last
 */
public record McpPorts(
    Gate gate,
    Authenticator authenticator,
    Registry registry,
    ToolCatalog catalog,
    ContextCatalog contexts,
    Approvals approvals,
    Clock clock,
    Function<GovernedCall, Allowance> allowances) {

  /** Where no call uses up anything. */
  public McpPorts(
      Gate gate,
      Authenticator authenticator,
      Registry registry,
      ToolCatalog catalog,
      ContextCatalog contexts,
      Approvals approvals,
      Clock clock) {
    this(
        gate,
        authenticator,
        registry,
        catalog,
        contexts,
        approvals,
        clock,
        _ -> Allowance.UNLIMITED);
  }
}
