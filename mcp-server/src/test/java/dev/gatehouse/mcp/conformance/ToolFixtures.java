package dev.gatehouse.mcp.conformance;

import static dev.gatehouse.core.call.OperationType.READ;

import dev.gatehouse.core.outcome.Evidence.ToolEvidence;
import dev.gatehouse.core.outcome.Outcome;
import dev.gatehouse.core.tool.ClientRefusedException;
import dev.gatehouse.core.tool.ReplyError;
import dev.gatehouse.core.tool.ToolListener;
import dev.gatehouse.core.tool.ToolReply;
import dev.gatehouse.testkit.ScriptedConnector;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** The suite's tools that ask the client nothing. */
final class ToolFixtures {

  private static final String SILENCE =
      "UklGRiQAAABXQVZFZm10IBAAAAABAAEAQB8AAIA+AAACABAAZGF0YQAAAAA=";
  private static final String SIMPLE = "This is a simple text response for testing.";

  private final ScriptedConnector tools;
  private final Vertx vertx;

  ToolFixtures(ScriptedConnector tools, Vertx vertx) {
    this.tools = tools;
    this.vertx = vertx;
  }

  void add() {
    addContents();
    addTalkers();
    addTriggers();
    tools.tool(
        "test_header_tool",
        READ,
        Fixtures.tree(
            """
            {"name": "test_header_tool",
             "description": "Tool with a param that is mirrored into a header",
             "inputSchema": {"type": "object", "properties": {
               "region": {"type": "string", "x-mcp-header": "Region"}}}}\
            """),
        ScriptedConnector.text("fine"));
    tools.tool("json_schema_2020_12_tool", READ, schemaTool(), ScriptedConnector.text("fine"));
  }

  private void addContents() {
    tools.tool("test_simple_text", READ, ScriptedConnector.text(SIMPLE));
    tools.tool("test_image_content", READ, content(Fixtures.image()));
    tools.tool(
        "test_audio_content",
        READ,
        content(Map.of("type", "audio", "data", SILENCE, "mimeType", "audio/wav")));
    tools.tool(
        "test_embedded_resource",
        READ,
        content(
            Fixtures.resource(
                "test://embedded-resource",
                "text/plain",
                "This is an embedded resource content.")));
    tools.tool(
        "test_multiple_content_types",
        READ,
        content(
            Fixtures.text("Multiple content types test:"),
            Fixtures.image(),
            Fixtures.resource(
                "test://mixed-content-resource",
                "application/json",
                "{\"test\":\"data\",\"value\":123}")));
    tools.tool(
        "test_error_handling",
        READ,
        (_, _) ->
            Fixtures.reply(
                Map.of(
                    "content",
                    List.of(Fixtures.text("This tool intentionally returns an error for testing")),
                    "isError",
                    true)));
  }

  private void addTalkers() {
    tools.tool("test_tool_with_progress", READ, (_, listener) -> steps(listener, true));
    tools.tool("test_tool_with_logging", READ, (_, listener) -> steps(listener, false));
    tools.tool("test_logging_tool", READ, (_, listener) -> steps(listener, false));
    tools.tool("test_streaming_elicitation", READ, (_, listener) -> steps(listener, true));
    tools.tool("test_missing_capability", READ, (_, listener) -> needsSampling(listener));
  }

  private void addTriggers() {
    tools.tool(
        "test_trigger_tool_change",
        READ,
        (_, _) -> {
          tools.tool("test_simple_text", READ, ScriptedConnector.text(SIMPLE));
          return CompletableFuture.completedStage(ScriptedConnector.completed("changed"));
        });
    tools.tool(
        "test_trigger_prompt_change",
        READ,
        (_, _) -> {
          PromptFixtures.touch(tools.contexts());
          return CompletableFuture.completedStage(ScriptedConnector.completed("changed"));
        });
  }

  private static CompletionStage<ToolReply> needsSampling(ToolListener listener) {
    if (listener.capabilities().containsKey("sampling")) {
      return CompletableFuture.completedStage(ScriptedConnector.completed("sampled"));
    }
    return CompletableFuture.completedStage(
        new ToolReply(
            new Outcome.Completed(new ToolEvidence(Duration.ZERO, true, 0, Optional.empty())),
            Map.of(),
            Optional.of(
                new ReplyError(
                    ClientRefusedException.MISSING_CAPABILITY,
                    "this tool needs the sampling capability",
                    Map.of("requiredCapabilities", Map.of("sampling", Map.of()))))));
  }

  private static Map<String, Object> schemaTool() {
    return Fixtures.tree(
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
           "if": {"properties": {"contactMethod": {"const": "phone"}},
                  "required": ["contactMethod"]},
           "then": {"required": ["phone"]},
           "else": {"required": ["email"]},
           "additionalProperties": false}}\
        """);
  }

  private static ScriptedConnector.Script content(Object... blocks) {
    return (_, _) ->
        CompletableFuture.completedStage(
            ScriptedConnector.completed(Map.of("content", List.of(blocks))));
  }

  private CompletionStage<ToolReply> steps(ToolListener listener, boolean progress) {
    CompletableFuture<ToolReply> done = new CompletableFuture<>();
    step(listener, progress, 0, done);
    return done;
  }

  private void step(
      ToolListener listener, boolean progress, int at, CompletableFuture<ToolReply> done) {
    if (progress) {
      listener.progress(Map.of("progress", at, "total", 100));
    } else {
      listener.message(Map.of("level", "info", "data", "Tool execution at " + at));
    }
    if (at == 100) {
      done.complete(ScriptedConnector.completed("finished"));
    } else {
      vertx.setTimer(50, _ -> step(listener, progress, at + 50, done));
    }
  }
}
