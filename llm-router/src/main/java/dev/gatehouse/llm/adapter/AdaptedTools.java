package dev.gatehouse.llm.adapter;

import dev.gatehouse.llm.translate.RequestObject;
import dev.gatehouse.llm.translate.UntranslatableException;
import dev.langchain4j.agent.tool.ToolSpecification;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.request.ToolChoice;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The tools of a chat request in LangChain4j's words. */
final class AdaptedTools {

  private AdaptedTools() {}

  static void write(RequestObject request, ChatRequest.Builder out) throws UntranslatableException {
    List<ToolSpecification> tools = new ArrayList<>();
    for (RequestObject tool : request.objects("tools")) {
      tools.add(tool(tool));
    }
    boolean parallel = request.flag("parallel_tool_calls").orElse(true);
    String choice =
        request.value("tool_choice").orElse("auto") instanceof String name ? name : "a named one";
    if (tools.isEmpty()) {
      return;
    }
    if (!parallel) {
      throw request.refusal("parallel_tool_calls", "this upstream cannot be held to one call");
    }
    switch (choice) {
      case "auto" -> out.toolSpecifications(tools);
      case "none" -> {
        // said by having none: not every one of these libraries knows the word
      }
      case "required" -> {
        out.toolSpecifications(tools);
        out.toolChoice(ToolChoice.REQUIRED);
      }
      default -> throw request.refusal("tool_choice", "this upstream takes auto, none, required");
    }
  }

  private static ToolSpecification tool(RequestObject tool) throws UntranslatableException {
    if (!tool.requiredText("type").equals("function")) {
      throw tool.refusal("type", "this upstream knows function tools only");
    }
    tool.leaveOut("cache_control", "prompt_cache_breakpoint");
    RequestObject function = tool.requiredObject("function");
    // strict is a promise of OpenAI's, about how it samples
    function.leaveOut("strict");
    ToolSpecification.Builder out = ToolSpecification.builder().name(function.requiredText("name"));
    function.text("description").ifPresent(out::description);
    Map<?, ?> parameters = function.tree("parameters").orElse(Map.of("type", "object"));
    out.parameters(Schemas.object(parameters, function.path("parameters")));
    function.end();
    tool.end();
    return out.build();
  }
}
