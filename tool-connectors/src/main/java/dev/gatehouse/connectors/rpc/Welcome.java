package dev.gatehouse.connectors.rpc;

import dev.gatehouse.connectors.json.Json;
import java.util.Map;

/**
 * How a server introduced itself, in either era.
 *
 * @param server its name and version and the protocol's, for people
 * @param capabilities what it declared
 */
public record Welcome(String server, Map<String, Object> capabilities) {

  private static final int NAME_LENGTH_MAX = 80;

  /** Of a server that calls itself so. */
  public static Welcome of(
      Map<String, Object> serverInfo, String version, Map<String, Object> capabilities) {
    return new Welcome(
        shown(Json.text(serverInfo, "name"))
            + " "
            + shown(Json.text(serverInfo, "version"))
            + ", MCP "
            + version,
        capabilities);
  }

  /** A server's text, fit for a line of a log. */
  public static String shown(String text) {
    String clean = text.replaceAll("\\p{Cntrl}", " ");
    return clean.length() <= NAME_LENGTH_MAX ? clean : clean.substring(0, NAME_LENGTH_MAX);
  }
}
