package dev.gatehouse.llm.translate;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The tools of a messages request and how they may be chosen, as the chat protocol says it.
 *
 * <p>Refused: tools that Anthropic defines or runs (web search, code execution, computer use, …),
 * tools that only code may call, and input examples. Left out: {@code cache_control}, as tools
 * cannot carry a breakpoint in the chat protocol; {@code eager_input_streaming} and {@code
 * defer_loading}, which say when something is sent, not what.
 */
final class MessagesTools {

  private MessagesTools() {}

  /** Writes {@code tools}, {@code tool_choice} and {@code parallel_tool_calls}. */
  static void write(RequestObject request, Map<String, @Nullable Object> out)
      throws UntranslatableException {
    List<Map<String, @Nullable Object>> tools = new ArrayList<>();
    for (RequestObject tool : request.objects("tools")) {
      tools.add(tool(tool));
      tool.end();
    }
    Optional<RequestObject> choice = request.object("tool_choice");
    if (!tools.isEmpty()) {
      out.put("tools", tools);
    }
    if (choice.isPresent()) {
      writeChoice(choice.get(), tools.isEmpty(), out);
      choice.get().end();
    }
  }

  private static Map<String, @Nullable Object> tool(RequestObject tool)
      throws UntranslatableException {
    if (!tool.text("type").orElse("custom").equals("custom")) {
      throw tool.refusal("type", "the upstream has no such built-in tool");
    }
    if (!List.of("direct").containsAll(tool.texts("allowed_callers"))) {
      throw tool.refusal("allowed_callers", "the upstream's model calls tools directly only");
    }
    tool.refuseIfPresent("input_examples", "the upstream's protocol has no field for it");
    tool.leaveOut("cache_control", "eager_input_streaming", "defer_loading");
    Map<String, @Nullable Object> function = Json.object("name", tool.requiredText("name"));
    tool.text("description").ifPresent(text -> function.put("description", text));
    Optional<Map<?, ?>> schema = tool.tree("input_schema");
    if (schema.isEmpty()) {
      throw tool.refusal("input_schema", "is required");
    }
    function.put("parameters", schema.get());
    if (tool.isTrue("strict")) {
      function.put("strict", true);
    }
    return Json.object("type", "function", "function", function);
  }

  private static void writeChoice(
      RequestObject choice, boolean noTools, Map<String, @Nullable Object> out)
      throws UntranslatableException {
    String type = choice.requiredText("type");
    Object chosen =
        switch (type) {
          case "auto", "none" -> type;
          case "any" -> "required";
          case "tool" ->
              Json.object(
                  "type", "function", "function", Json.object("name", choice.requiredText("name")));
          default -> throw choice.refusal("type", "is not a choice that we know");
        };
    boolean oneAtATime = choice.isTrue("disable_parallel_tool_use");
    if (noTools && (type.equals("auto") || type.equals("none"))) {
      // The chat protocol refuses a choice without tools, and there is nothing to choose.
      return;
    }
    out.put("tool_choice", chosen);
    if (oneAtATime) {
      out.put("parallel_tool_calls", false);
    }
  }
}
