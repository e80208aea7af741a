package dev.gatehouse.gateway.demo;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Map;
import java.util.TreeMap;

/**
 * A small ticket system that speaks MCP (2025-11-25) over HTTP on loopback. Lives on one event
 * loop.
 */
final class TicketSystem {

  private final Map<String, String> tickets =
      new TreeMap<>(Map.of("T-1", "open: printer on fire", "T-2", "open: slow mail"));

  private TicketSystem() {}

  /** Starts it; gives the port. */
  static Future<Integer> start(Vertx vertx) {
    TicketSystem system = new TicketSystem();
    return vertx
        .createHttpServer(new HttpServerOptions().setHost("127.0.0.1").setPort(0))
        .requestHandler(request -> request.body().onSuccess(body -> system.handle(request, body)))
        .listen()
        .map(HttpServer::actualPort);
  }

  private void handle(HttpServerRequest request, Buffer body) {
    if (!request.method().name().equals("POST")) {
      request.response().setStatusCode(405).end();
      return;
    }
    JsonObject message = body.toJsonObject();
    if (!message.containsKey("id")) {
      request.response().setStatusCode(202).end();
      return;
    }
    JsonObject reply = new JsonObject().put("jsonrpc", "2.0").put("id", message.getValue("id"));
    JsonObject params = message.getJsonObject("params", new JsonObject());
    switch (message.getString("method")) {
      case "initialize" -> reply.put("result", hello(params));
      case "ping" -> reply.put("result", new JsonObject());
      case "tools/list" -> reply.put("result", new JsonObject().put("tools", tools()));
      case "tools/call" ->
          reply.put(
              "result",
              call(params.getString("name"), params.getJsonObject("arguments", new JsonObject())));
      default ->
          reply.put(
              "error", new JsonObject().put("code", -32601).put("message", "method not found"));
    }
    request.response().putHeader("content-type", "application/json").end(reply.toBuffer());
  }

  private static JsonObject hello(JsonObject params) {
    return new JsonObject()
        .put("protocolVersion", params.getString("protocolVersion", "2025-11-25"))
        .put("capabilities", new JsonObject().put("tools", new JsonObject()))
        .put("serverInfo", new JsonObject().put("name", "ticket-system").put("version", "1.0"));
  }

  private static JsonArray tools() {
    return new JsonArray()
        .add(tool("list_tickets", "Lists all tickets.", false, true, false))
        .add(tool("get_ticket", "Reads a ticket.", true, true, false))
        .add(tool("close_ticket", "Closes a ticket.", true, false, false))
        .add(tool("delete_project", "Deletes a project with all its tickets.", true, false, true));
  }

  private static JsonObject tool(
      String name, String description, boolean takesId, boolean reads, boolean destroys) {
    JsonObject schema = new JsonObject().put("type", "object").put("properties", new JsonObject());
    if (takesId) {
      schema.getJsonObject("properties").put("id", new JsonObject().put("type", "string"));
      schema.getJsonObject("properties").put("status", new JsonObject().put("type", "string"));
      schema.put("required", new JsonArray().add("id"));
    }
    JsonObject annotations =
        new JsonObject().put("readOnlyHint", reads).put("destructiveHint", destroys);
    return new JsonObject()
        .put("name", name)
        .put("description", description)
        .put("inputSchema", schema)
        .put("annotations", annotations);
  }

  private JsonObject call(String tool, JsonObject arguments) {
    return switch (tool) {
      case "list_tickets" -> text(tickets.toString(), false);
      case "get_ticket" -> get(arguments.getString("id", ""));
      case "close_ticket" -> close(arguments.getString("id", ""));
      default -> text("no such tool: " + tool, true);
    };
  }

  private JsonObject get(String id) {
    String ticket = tickets.get(id);
    if (ticket == null) {
      return text("no ticket " + id, true);
    }
    JsonObject state =
        new JsonObject()
            .put("id", id)
            .put("status", ticket.substring(0, ticket.indexOf(':')))
            .put("title", ticket.substring(ticket.indexOf(':') + 2));
    return text(state.encode(), false).put("structuredContent", state);
  }

  private JsonObject close(String id) {
    if (!tickets.containsKey(id)) {
      return text("no ticket " + id, true);
    }
    tickets.put(id, tickets.get(id).replace("open:", "closed:"));
    return text(id + " is closed", false);
  }

  private static JsonObject text(String text, boolean isError) {
    JsonArray content = new JsonArray().add(new JsonObject().put("type", "text").put("text", text));
    return new JsonObject().put("content", content).put("isError", isError);
  }
}
