package dev.gatehouse.mcp.config;

import dev.gatehouse.core.approval.Approvals;
import dev.gatehouse.core.context.ContextCatalog;
import dev.gatehouse.core.gate.Gate;
import dev.gatehouse.core.registry.Authenticator;
import dev.gatehouse.core.registry.Registry;
import dev.gatehouse.core.tool.ToolCatalog;
import java.time.Clock;

/** The parts of the house that the endpoint works with. */
public record McpPorts(
    Gate gate,
    Authenticator authenticator,
    Registry registry,
    ToolCatalog catalog,
    ContextCatalog contexts,
    Approvals approvals,
    Clock clock) {}
