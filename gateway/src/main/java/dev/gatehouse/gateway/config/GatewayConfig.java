package dev.gatehouse.gateway.config;

import dev.gatehouse.audit.AuditConfig;
import dev.gatehouse.audit.postgres.PostgresPlace;
import dev.gatehouse.connectors.config.McpServerConfig;
import dev.gatehouse.core.limit.UsageLimit;
import dev.gatehouse.core.sql.PostgresAddress;
import dev.gatehouse.fleet.FleetConfig;
import dev.gatehouse.gateway.notify.Receiver;
import dev.gatehouse.gateway.state.StatePair;
import dev.gatehouse.llm.config.LlmConfig;
import dev.gatehouse.mcp.config.McpConfig;
import dev.gatehouse.policy.GovernanceLimits;
import dev.gatehouse.policy.GovernanceRules;
import dev.gatehouse.registry.AgentEntry;
import dev.gatehouse.registry.OperatorEntry;
import dev.gatehouse.registry.token.AuthConfig;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A config file that passed every check, as the modules take it.
 *
 * @param server where the data plane listens; fixed at start
 * @param admin where the admin API listens; fixed at start
 * @param dataDir where the gateway keeps its state; fixed at start
 * @param logLevel error, warn, info or debug
 * @param audit fixed at start
 * @param governanceLimits fixed at start
 * @param retentionOfAgents the retention class of agents that have one of their own
 * @param states which tools read what others change
 * @param toolLimits how often tools may be called
 * @param auth tokens beside static keys; empty for keys only
 * @param fleet where the processes of a fleet meet; empty for a process by itself; fixed at start
 * @param auditCopy a database that the record is copied to; fixed at start
 * @param approvalStore the database that keeps open questions; empty for a file; fixed at start
 * @param publicUrl where operators reach the admin API; empty for where it listens; fixed at start
 * @param receivers who is told of what happens
 */
public record GatewayConfig(
    Server server,
    Endpoint admin,
    Path dataDir,
    String logLevel,
    AuditConfig audit,
    GovernanceLimits governanceLimits,
    GovernanceRules governance,
    List<AgentEntry> agents,
    Map<String, String> retentionOfAgents,
    List<OperatorEntry> operators,
    Optional<AuthConfig> auth,
    List<McpServerConfig> mcpServers,
    List<StatePair> states,
    McpConfig mcp,
    LlmConfig llm,
    List<UsageLimit> toolLimits,
    Optional<FleetConfig> fleet,
    Optional<PostgresPlace> auditCopy,
    Optional<PostgresAddress> approvalStore,
    Optional<URI> publicUrl,
    List<Receiver> receivers) {

  public GatewayConfig {
    agents = List.copyOf(agents);
    retentionOfAgents = Map.copyOf(retentionOfAgents);
    operators = List.copyOf(operators);
    mcpServers = List.copyOf(mcpServers);
    states = List.copyOf(states);
    toolLimits = List.copyOf(toolLimits);
    receivers = List.copyOf(receivers);
  }

  /**
   * An address to listen on.
   *
   * @param port 0 for any free one
   */
  public record Endpoint(String host, int port) {}

  /**
   * The data plane's listener.
   *
   * @param eventLoops threads that serve it
   * @param idleTimeout after which a connection on which nothing moves is closed
   * @param connectionsMax connections at once; further ones are closed at once
   */
  public record Server(
      Endpoint endpoint, int eventLoops, Duration idleTimeout, int connectionsMax) {}

  /** One line for people: how much is configured. */
  public String summary() {
    return agents.size()
        + " agents, "
        + mcpServers.size()
        + " MCP servers, "
        + llm.providers().size()
        + " providers, "
        + llm.routes().size()
        + " models, "
        + governance.policies().size()
        + " policies";
  }
}
