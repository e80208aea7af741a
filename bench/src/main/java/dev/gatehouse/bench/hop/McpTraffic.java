package dev.gatehouse.bench.hop;

import dev.gatehouse.bench.load.RequestTemplate;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Calls of the tool {@code echo}, each connection in a session of its own (MCP 2025-11-25).
 * Sessions are kept for the next time, as agents keep theirs.
 */
final class McpTraffic implements Traffic {

  private static final String VERSION = "2025-11-25";
  private static final String SESSION_HEADER = "mcp-session-id";
  private static final Duration HANDSHAKE_TIMEOUT = Duration.ofSeconds(10);

  private final Map<Integer, List<String>> sessionsByPort = new HashMap<>();

  @Override
  public String marker() {
    return "bench-echo";
  }

  @Override
  public boolean streamed() {
    return false;
  }

  @Override
  public List<RequestTemplate> requests(Hop hop, int connections)
      throws IOException, InterruptedException {
    List<String> sessions = sessionsByPort.computeIfAbsent(hop.port(), _ -> new ArrayList<>());
    try (HttpClient client = HttpClient.newHttpClient()) {
      while (sessions.size() < connections) {
        sessions.add(session(hop, client));
      }
    }
    return sessions.stream()
        .limit(connections)
        .map(session -> RequestTemplate.post("/mcp", headers(hop, session), call(hop)))
        .toList();
  }

  private static String call(Hop hop) {
    return """
    {"jsonrpc":"2.0","id":%s,"method":"tools/call","params":{"name":"%s",\
    "arguments":{"text":"Which tickets of last week are still open, and who owns them?"}}}\
    """
        .formatted(RequestTemplate.NUMBER, hop.tool());
  }

  static Map<String, String> headers(Hop hop, String session) {
    Map<String, String> headers = new LinkedHashMap<>();
    headers.put("authorization", "Bearer " + hop.key());
    headers.put("accept", "application/json, text/event-stream");
    headers.put("mcp-protocol-version", VERSION);
    headers.put(SESSION_HEADER, session);
    return headers;
  }

  /** Opens a session and gives its id. */
  static String session(Hop hop, HttpClient client) throws IOException, InterruptedException {
    String initialize =
        """
        {"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"%s",\
        "capabilities":{},"clientInfo":{"name":"gatehouse-bench","version":"1"}}}\
        """
            .formatted(VERSION);
    HttpResponse<String> answer = post(hop, client, Map.of(), initialize);
    String session = answer.headers().firstValue(SESSION_HEADER).orElse("");
    if (answer.statusCode() != 200 || session.isEmpty()) {
      throw new IOException(
          hop.name() + " opened no session: " + answer.statusCode() + " " + answer.body());
    }
    String initialized = "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/initialized\"}";
    post(
        hop, client, Map.of(SESSION_HEADER, session, "mcp-protocol-version", VERSION), initialized);
    return session;
  }

  private static HttpResponse<String> post(
      Hop hop, HttpClient client, Map<String, String> headers, String body)
      throws IOException, InterruptedException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + hop.port() + "/mcp"))
            .timeout(HANDSHAKE_TIMEOUT)
            .header("authorization", "Bearer " + hop.key())
            .header("accept", "application/json, text/event-stream")
            .header("content-type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(body));
    headers.forEach(request::header);
    return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
  }
}
