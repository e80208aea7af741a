package dev.gatehouse.gateway;

import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/** What MCP clients send, up to the credential. */
public final class McpRequests {

  private static final String MODERN = "2026-07-28";

  private McpRequests() {}

  /** A list of tools, in the era without sessions. */
  public static HttpRequest.Builder tools(URI endpoint) {
    return modern(endpoint, "tools/list", "");
  }

  /**
   * A call of a tool, in the era without sessions.
   *
   * @param arguments a JSON object
   */
  public static HttpRequest.Builder call(URI endpoint, String tool, String arguments) {
    return modern(endpoint, "tools/call", named(tool, arguments) + ",")
        .header("mcp-name", header(tool));
  }

  /** The first message of a session; the answer's {@code mcp-session-id} names it. */
  public static HttpRequest.Builder initialize(URI endpoint) {
    return post(
        endpoint,
        "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"initialize\","
            + "\"params\":{\"protocolVersion\":\"2025-11-25\"}}");
  }

  /** A call of a tool in a session. */
  public static HttpRequest.Builder call(
      URI endpoint, String session, String tool, String arguments) {
    return post(
            endpoint,
            "{\"jsonrpc\":\"2.0\",\"id\":2,\"method\":\"tools/call\",\"params\":{"
                + named(tool, arguments)
                + "}}")
        .header("mcp-session-id", session)
        .header("mcp-protocol-version", "2025-11-25");
  }

  private static HttpRequest.Builder modern(URI endpoint, String method, String params) {
    return post(
            endpoint,
            "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\""
                + method
                + "\",\"params\":{"
                + params
                + "\"_meta\":{\"io.modelcontextprotocol/protocolVersion\":\""
                + MODERN
                + "\",\"io.modelcontextprotocol/clientInfo\":{\"name\":\"t\",\"version\":\"1\"},"
                + "\"io.modelcontextprotocol/clientCapabilities\":{}}}}")
        .header("mcp-protocol-version", MODERN)
        .header("mcp-method", method);
  }

  private static HttpRequest.Builder post(URI endpoint, String body) {
    return HttpRequest.newBuilder(endpoint)
        .header("content-type", "application/json")
        .header("accept", "application/json, text/event-stream")
        .POST(BodyPublishers.ofString(body));
  }

  private static String named(String tool, String arguments) {
    return "\"name\":\"" + tool + "\",\"arguments\":" + arguments;
  }

  /** Text beyond ASCII goes into a header in base64. */
  private static String header(String text) {
    boolean plain = text.chars().allMatch(c -> c >= 0x20 && c < 0x7f);
    return plain
        ? text
        : "=?base64?"
            + Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8))
            + "?=";
  }
}
