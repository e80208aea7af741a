package dev.gatehouse.bench.peer;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonObject;

/**
 * An MCP server over streamable HTTP with one read-only tool, {@code echo}, that always answers the
 * same text. It speaks the legacy era, as today's servers do: {@code initialize}, then requests.
 */
final class McpAnswers {

  private static final String SESSION = "bench-session";

  private static final String TOOLS =
      """
      {"tools":[{"name":"echo","description":"Answers the same text each time.",\
      "inputSchema":{"type":"object","properties":{"text":{"type":"string"}},"required":["text"]},\
      "annotations":{"readOnlyHint":true}}]}\
      """;
  private static final String CALLED =
      """
      {"content":[{"type":"text","text":"bench-echo: the ticket is open, its owner is on leave, \
      its last change was made on Tuesday, and nobody has looked at it since."}],"isError":false}\
      """;

  private McpAnswers() {}

  static void answer(HttpServerRequest request, Buffer body) {
    HttpServerResponse response = request.response();
    if (!request.method().equals(HttpMethod.POST)) {
      // No stream of notifications to listen on; ending a session is welcome.
      response.setStatusCode(request.method().equals(HttpMethod.DELETE) ? 200 : 405).end();
      return;
    }
    JsonObject message = body.toJsonObject();
    if (!message.containsKey("id")) {
      response.setStatusCode(202).end();
      return;
    }
    String id = message.getValue("id") instanceof String text ? '"' + text + '"' : id(message);
    response.putHeader(HttpHeaders.CONTENT_TYPE, "application/json");
    switch (message.getString("method", "")) {
      case "initialize" ->
          response.putHeader("mcp-session-id", SESSION).end(result(id, initialized(message)));
      case "tools/list" -> response.end(result(id, TOOLS));
      case "tools/call" -> response.end(result(id, CALLED));
      case "ping" -> response.end(result(id, "{}"));
      default ->
          response.end(
              "{\"jsonrpc\":\"2.0\",\"id\":"
                  + id
                  + ",\"error\":{\"code\":-32601,\"message\":\"unknown method\"}}");
    }
  }

  private static String initialized(JsonObject initialize) {
    JsonObject params = initialize.getJsonObject("params", new JsonObject());
    return """
    {"protocolVersion":"%s","capabilities":{"tools":{"listChanged":false}},\
    "serverInfo":{"name":"bench-upstream","version":"1"}}\
    """
        .formatted(params.getString("protocolVersion", "2025-06-18"));
  }

  private static String id(JsonObject message) {
    return String.valueOf(message.getValue("id"));
  }

  private static Buffer result(String id, String result) {
    return Buffer.buffer("{\"jsonrpc\":\"2.0\",\"id\":" + id + ",\"result\":" + result + "}");
  }
}
