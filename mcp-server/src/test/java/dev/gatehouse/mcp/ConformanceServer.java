package dev.gatehouse.mcp;

import static dev.gatehouse.core.call.OperationType.READ;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import dev.gatehouse.core.registry.Authentication.Authenticated;
import dev.gatehouse.core.tool.ToolListener;
import dev.gatehouse.core.tool.ToolReply;
import dev.gatehouse.mcp.config.McpConfig;
import dev.gatehouse.mcp.config.McpPorts;
import dev.gatehouse.testkit.GateFixture;
import dev.gatehouse.testkit.ScriptedConnector;
import io.vertx.core.Vertx;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * The endpoint with the tools that the official conformance suite calls, open to anybody, for the
 * suite and for trying real clients: {@code conformance server --url http://127.0.0.1:PORT/mcp}.
 */
final class ConformanceServer {

  private static final String PIXEL =
      "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";
  private static final String SILENCE =
      "UklGRiQAAABXQVZFZm10IBAAAAABAAEAQB8AAIA+AAACABAAZGF0YQAAAAA=";

  private ConformanceServer() {}

  /** Serves on the port given, until killed. */
  public static void main(String[] args) {
    GateFixture gate = new GateFixture();
    ScriptedConnector tools = new ScriptedConnector();
    Vertx vertx = Vertx.vertx();
    addTools(tools, vertx);
    McpEndpoint endpoint =
        McpEndpoint.create(
            vertx,
            new McpPorts(
                gate.gate(),
                (_, _) -> new Authenticated(GateFixture.PRINCIPAL),
                gate.registry(),
                tools,
                tools.contexts(),
                gate.approvals,
                Clock.systemUTC()),
            McpConfig.DEFAULT);
    vertx
        .createHttpServer()
        .requestHandler(endpoint::handle)
        .listen(Integer.parseInt(args[0]), "127.0.0.1")
        .toCompletionStage()
        .toCompletableFuture()
        .join();
  }

  private static void addTools(ScriptedConnector tools, Vertx vertx) {
    Map<String, Object> image = Map.of("type", "image", "data", PIXEL, "mimeType", "image/png");
    tools.tool(
        "test_simple_text",
        READ,
        ScriptedConnector.text("This is a simple text response for testing."));
    tools.tool("test_image_content", READ, content(image));
    tools.tool(
        "test_audio_content",
        READ,
        content(Map.of("type", "audio", "data", SILENCE, "mimeType", "audio/wav")));
    tools.tool(
        "test_embedded_resource",
        READ,
        content(
            resource(
                "test://embedded-resource",
                "text/plain",
                "This is an embedded resource content.")));
    tools.tool(
        "test_multiple_content_types",
        READ,
        content(
            Map.of("type", "text", "text", "Multiple content types test:"),
            image,
            resource(
                "test://mixed-content-resource",
                "application/json",
                "{\"test\":\"data\",\"value\":123}")));
    tools.tool(
        "test_error_handling",
        READ,
        (_, _) ->
            CompletableFuture.completedStage(
                ScriptedConnector.completed(
                    Map.of(
                        "content",
                        List.of(
                            Map.of(
                                "type",
                                "text",
                                "text",
                                "This tool intentionally returns an error for testing")),
                        "isError",
                        true))));
    tools.tool("test_tool_with_progress", READ, (_, listener) -> steps(vertx, listener, true));
    tools.tool("test_tool_with_logging", READ, (_, listener) -> steps(vertx, listener, false));
    tools.tool("test_logging_tool", READ, (_, listener) -> steps(vertx, listener, false));
    tools.tool(
        "test_trigger_tool_change",
        READ,
        (_, _) -> {
          tools.tool(
              "test_simple_text",
              READ,
              ScriptedConnector.text("This is a simple text response for testing."));
          return CompletableFuture.completedStage(ScriptedConnector.completed("changed"));
        });
    tools.tool(
        "test_header_tool",
        READ,
        Map.of(
            "name",
            "test_header_tool",
            "description",
            "Tool with a param that is mirrored into a header",
            "inputSchema",
            Map.of(
                "type",
                "object",
                "properties",
                Map.of("region", Map.of("type", "string", "x-mcp-header", "Region")))),
        ScriptedConnector.text("fine"));
    tools.tool("json_schema_2020_12_tool", READ, schemaTool(), ScriptedConnector.text("fine"));
  }

  private static Map<String, Object> schemaTool() {
    try {
      return TestServer.JSON.readValue(
          """
          {"name": "json_schema_2020_12_tool",
           "description": "Tool with JSON Schema 2020-12 features",
           "inputSchema": {
             "$schema": "https://json-schema.org/draft/2020-12/schema",
             "type": "object",
             "$defs": {"address": {"$anchor": "addressDef", "type": "object", "properties": {
               "street": {"type": "string"}, "city": {"type": "string"}}}},
             "properties": {
               "name": {"type": "string"},
               "address": {"$ref": "#/$defs/address"},
               "contactMethod": {"type": "string", "enum": ["phone", "email"]},
               "phone": {"type": "string"},
               "email": {"type": "string"}},
             "allOf": [{"anyOf": [{"required": ["phone"]}, {"required": ["email"]}]}],
             "if": {"properties": {"contactMethod": {"const": "phone"}}},
             "then": {"required": ["phone"]},
             "else": {"required": ["email"]},
             "additionalProperties": false}}\
          """,
          new TypeReference<>() {});
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  private static ScriptedConnector.Script content(Object... blocks) {
    return (_, _) ->
        CompletableFuture.completedStage(
            ScriptedConnector.completed(Map.of("content", List.of(blocks))));
  }

  private static Map<String, Object> resource(String uri, String mimeType, String text) {
    return Map.of(
        "type", "resource", "resource", Map.of("uri", uri, "mimeType", mimeType, "text", text));
  }

  private static CompletionStage<ToolReply> steps(
      Vertx vertx, ToolListener listener, boolean progress) {
    CompletableFuture<ToolReply> done = new CompletableFuture<>();
    step(vertx, listener, progress, 0, done);
    return done;
  }

  private static void step(
      Vertx vertx,
      ToolListener listener,
      boolean progress,
      int at,
      CompletableFuture<ToolReply> done) {
    if (progress) {
      listener.progress(Map.of("progress", at, "total", 100));
    } else {
      listener.message(Map.of("level", "info", "data", "Tool execution at " + at));
    }
    if (at == 100) {
      done.complete(ScriptedConnector.completed("finished"));
    } else {
      vertx.setTimer(50, _ -> step(vertx, listener, progress, at + 50, done));
    }
  }
}
