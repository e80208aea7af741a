package dev.gatehouse.console;

import dev.gatehouse.core.tool.ConnectorHealth;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * The gateway as a whole, for people.
 *
 * @param version of the program
 * @param uptime since it serves
 * @param audit state of the audit log, a plain JSON tree
 * @param fleet how the fleet can be reached, a plain JSON tree
 * @param connectors in the order of the config
 */
public record GatewayStatus(
    String version,
    Duration uptime,
    Map<String, Object> audit,
    Map<String, Object> fleet,
    List<ConnectorStatus> connectors) {

  public GatewayStatus {
    audit = Map.copyOf(audit);
    fleet = Map.copyOf(fleet);
    connectors = List.copyOf(connectors);
  }

  /**
   * A connector.
   *
   * @param tools how many it offers now
   */
  public record ConnectorStatus(String name, ConnectorHealth health, int tools) {}
}
