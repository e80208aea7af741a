package dev.gatehouse.connectors.legacy;

import dev.gatehouse.connectors.config.McpServerConfig;
import dev.gatehouse.connectors.json.Json;
import dev.gatehouse.connectors.rpc.Requests;
import dev.gatehouse.connectors.rpc.RpcRequest;
import dev.gatehouse.connectors.rpc.RpcSession;
import dev.gatehouse.connectors.rpc.UpstreamException;
import dev.gatehouse.connectors.rpc.Welcome;
import dev.gatehouse.connectors.waits.Blocking;
import dev.gatehouse.connectors.waits.Budget;
import java.util.List;
import java.util.Map;

/**
 * The opening of a legacy session: {@code initialize}, the version agreed on, {@code
 * notifications/initialized}. Blocks.
 */
public final class LegacyHandshake {

  /** Protocol versions spoken, the wanted one first. */
  static final List<String> VERSIONS =
      List.of("2025-11-25", "2025-06-18", "2025-03-26", "2024-11-05");

  private LegacyHandshake() {}

  /**
   * Performs it.
   *
   * @return how the server introduced itself
   */
  public static Welcome perform(McpServerConfig config, RpcSession session, Budget budget)
      throws UpstreamException {
    session.speak(new LegacyDialect(config, session));
    Map<String, Object> result =
        Requests.result(
            session,
            RpcRequest.of(
                "initialize",
                Map.of(
                    "protocolVersion",
                    VERSIONS.getFirst(),
                    "capabilities",
                    Questions.CAPABILITIES,
                    "clientInfo",
                    Map.of("name", "gatehouse", "title", "Gatehouse", "version", "0.1.0")),
                budget.left()));
    String version = Json.text(result, "protocolVersion");
    if (!VERSIONS.contains(version)) {
      throw new UpstreamException(
          "initialize: the server speaks protocol version '"
              + Welcome.shown(version)
              + "', not one of "
              + VERSIONS);
    }
    session.ready(version);
    Blocking.await(session.notify("notifications/initialized"), budget.left());
    return Welcome.of(
        Json.object(result, "serverInfo"), version, Json.object(result, "capabilities"));
  }
}
