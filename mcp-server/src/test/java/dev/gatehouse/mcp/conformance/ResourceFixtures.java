package dev.gatehouse.mcp.conformance;

import static dev.gatehouse.core.context.ContextKind.RESOURCE;
import static dev.gatehouse.core.context.ContextKind.RESOURCE_TEMPLATE;

import dev.gatehouse.core.call.ContextCall;
import dev.gatehouse.core.call.ContextOperation;
import dev.gatehouse.core.tool.ToolReply;
import dev.gatehouse.testkit.ScriptedContexts;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;

/** The suite's resources. */
final class ResourceFixtures {

  private ResourceFixtures() {}

  static void addTo(ScriptedContexts contexts) {
    addText(
        contexts,
        "test://static-text",
        "Static text",
        "This is the content of the static text resource.");
    addText(contexts, "test://watched-resource", "Watched resource", "Watched resource content.");
    contexts.add(
        RESOURCE,
        definition("uri", "test://static-binary", "Static binary", "image/png"),
        (call, _) ->
            contents(Map.of("uri", call.name(), "mimeType", "image/png", "blob", Fixtures.PIXEL)));
    contexts.add(
        RESOURCE_TEMPLATE,
        definition("uriTemplate", "test://template/{id}/data", "Template data", "application/json"),
        (call, _) -> template(call));
  }

  private static void addText(ScriptedContexts contexts, String uri, String name, String text) {
    contexts.add(
        RESOURCE,
        definition("uri", uri, name, "text/plain"),
        (call, _) -> contents(Map.of("uri", call.name(), "mimeType", "text/plain", "text", text)));
  }

  private static CompletionStage<ToolReply> template(ContextCall call) {
    if (call.kindOfCall() == ContextOperation.COMPLETE) {
      return Fixtures.reply(Map.of("completion", Map.of("values", List.of("123", "124"))));
    }
    String id = call.name().replaceFirst("test://template/([^/]*)/data", "$1");
    return contents(
        Map.of(
            "uri",
            call.name(),
            "mimeType",
            "application/json",
            "text",
            "{\"id\":\"" + id + "\",\"templateTest\":true,\"data\":\"Data for ID: " + id + "\"}"));
  }

  private static CompletionStage<ToolReply> contents(Map<String, Object> content) {
    return Fixtures.reply(Map.of("contents", List.of(content)));
  }

  private static Map<String, Object> definition(
      String member, String uri, String name, String mimeType) {
    return Map.of(
        member, uri, "name", name, "description", name + " for testing", "mimeType", mimeType);
  }
}
