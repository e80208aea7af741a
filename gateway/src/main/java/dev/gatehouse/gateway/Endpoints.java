package dev.gatehouse.gateway;

import dev.gatehouse.core.audit.AuditBody;
import dev.gatehouse.core.audit.AuditLog;
import dev.gatehouse.core.limit.UsageFile;
import dev.gatehouse.gateway.config.GatewayConfig;
import dev.gatehouse.llm.LlmGateway;
import dev.gatehouse.mcp.McpEndpoint;
import dev.gatehouse.mcp.config.McpPorts;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.time.Clock;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What agents talk to: MCP and models. Nobody reaches either before somebody listens. */
final class Endpoints implements AutoCloseable {

  private final McpEndpoint mcp;
  private final LlmGateway llm;
  private @Nullable UsageFile usage;

  private Endpoints(McpEndpoint mcp, LlmGateway llm) {
    this.mcp = mcp;
    this.llm = llm;
  }

  /** Makes both over what governs. */
  static Endpoints create(
      Vertx vertx,
      Clock clock,
      GatewayConfig config,
      KnownCallers callers,
      Governing governing,
      SharedWithFleet fleet,
      AuditLog rows) {
    McpPorts ports =
        new McpPorts(
            governing.governance().gate(),
            callers.authenticator(),
            callers.registry(),
            governing.tools(),
            governing.connectors().contexts(),
            governing.governance().approvals(),
            clock,
            governing.limits()::ofCall);
    McpEndpoint mcp = McpEndpoint.create(vertx, ports, config.mcp());
    LlmGateway llm =
        LlmGateway.create(
            config.llm(),
            governing.governance().gate(),
            callers.authenticator(),
            clock,
            System::nanoTime,
            fleet.health(),
            governing.limits());
    fleet.share(llm);
    llm.keepRoutings(rows);
    if (config.audit().bodies().kinds().contains(AuditBody.Kind.RESULT)) {
      llm.keepAnswers(config.audit().bodies().bytesMax());
    }
    return new Endpoints(mcp, llm);
  }

  /** From now on what budgets have left outlives the process; once, before anybody listens. */
  void keepUsage(GatewayConfig config) throws IOException {
    usage = llm.keepUsage(config.dataDir().resolve("usage"));
  }

  void replace(GatewayConfig next) {
    mcp.reconfigure(next.mcp());
    llm.replace(next.llm());
  }

  McpEndpoint mcp() {
    return mcp;
  }

  LlmGateway llm() {
    return llm;
  }

  @Override
  public void close() {
    Steps.quietly("usage", () -> Optional.ofNullable(usage).ifPresent(UsageFile::close));
    Steps.quietly("mcp endpoint", mcp::close);
  }
}
