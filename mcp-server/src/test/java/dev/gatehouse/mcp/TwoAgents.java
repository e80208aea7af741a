package dev.gatehouse.mcp;

import dev.gatehouse.testkit.GateFixture;
import java.net.http.HttpRequest;

/**
 * What two agents send who have the same requests, and each whatever the other one holds but its
 * key. Agents are named by their keys.
 */
record TwoAgents(TestServer server) {

  private static final String ABLE = "{\"elicitation\":{}}";

  /** The same request, sent by that agent. */
  static HttpRequest.Builder as(String key, HttpRequest.Builder request) {
    return request.setHeader("Authorization", "Bearer " + key);
  }

  /** The agent's name, as tools are told it. */
  static String name(String key) {
    return (key.equals(GateFixture.KEY) ? GateFixture.PRINCIPAL : GateFixture.OTHER)
        .agent()
        .value();
  }

  /** A modern call of the tool that asks for a name; {@code more} are further params. */
  HttpRequest.Builder ask(String more) {
    return server.capable("tools/call", "ask", "\"name\":\"ask\"" + more, ABLE);
  }

  /** Params by which that call is sent again with its answer. */
  static String answer(String state, String name) {
    return """
    ,"requestState":"%s","inputResponses":{"who":{"action":"accept","content":{"name":"%s"}}}\
    """
        .formatted(state, name);
  }

  /** A legacy response that answers the question of that id. */
  static String response(String id, String name) {
    return """
    {"jsonrpc":"2.0","id":"%s","result":{"action":"accept","content":{"name":"%s"}}}\
    """
        .formatted(id, name);
  }

  /** Begins a session of a client that can be asked. */
  HttpRequest.Builder initialize() {
    return server.post(
        """
        {"jsonrpc":"2.0","id":0,"method":"initialize","params":{"protocolVersion":\
        "2025-06-18","capabilities":%s,"clientInfo":{"name":"t","version":"1"}}}\
        """
            .formatted(ABLE));
  }
}
