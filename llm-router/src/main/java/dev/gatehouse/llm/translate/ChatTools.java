package dev.gatehouse.llm.translate;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The tools of a chat request and how they may be chosen, as the messages protocol says it.
 *
 * <p>Refused: custom tools (their input is free text, the messages protocol's is JSON) and {@code
 * allowed_tools}.
 *
 * @param tools tool definitions, in the client's order
 * @param choice {@code tool_choice}, when there is something to say
 */
record ChatTools(
    List<Map<String, @Nullable Object>> tools, Optional<Map<String, @Nullable Object>> choice) {

  static ChatTools read(RequestObject request) throws UntranslatableException {
    List<Map<String, @Nullable Object>> tools = new ArrayList<>();
    for (RequestObject tool : request.objects("tools")) {
      tools.add(tool(tool));
    }
    Optional<Map<String, @Nullable Object>> choice = choice(request);
    boolean oneAtATime = !request.flag("parallel_tool_calls").orElse(true);
    if (oneAtATime && !tools.isEmpty()) {
      Map<String, @Nullable Object> chosen = choice.orElseGet(() -> Json.object("type", "auto"));
      if (!"none".equals(chosen.get("type"))) {
        chosen.put("disable_parallel_tool_use", true);
      }
      choice = Optional.of(chosen);
    }
    return new ChatTools(tools, choice);
  }

  /** Whether the model has no choice but to call a tool. */
  boolean forced() {
    Object type = choice.map(c -> c.get("type")).orElse("auto");
    return "any".equals(type) || "tool".equals(type);
  }

  void writeTo(Map<String, @Nullable Object> out) {
    if (!tools.isEmpty()) {
      out.put("tools", tools);
    }
    choice.ifPresent(c -> out.put("tool_choice", c));
  }

  private static Map<String, @Nullable Object> tool(RequestObject tool)
      throws UntranslatableException {
    if (!tool.requiredText("type").equals("function")) {
      throw tool.refusal("type", "the upstream's protocol knows function tools only");
    }
    RequestObject function = tool.requiredObject("function");
    Map<String, @Nullable Object> out = Json.object("name", function.requiredText("name"));
    function.text("description").ifPresent(text -> out.put("description", text));
    out.put("input_schema", inputSchema(function));
    if (function.isTrue("strict")) {
      out.put("strict", true);
    }
    CacheMark.ofChat(tool).ifPresent(mark -> out.put("cache_control", mark));
    function.end();
    tool.end();
    return out;
  }

  /** The parameters; none at all means an empty list of them, which has to be said here. */
  private static Map<String, @Nullable Object> inputSchema(RequestObject function)
      throws UntranslatableException {
    Map<?, ?> parameters = function.tree("parameters").orElse(Map.of());
    Map<String, @Nullable Object> schema = Json.object("type", "object");
    parameters.forEach((name, value) -> schema.put(String.valueOf(name), value));
    if (!"object".equals(schema.get("type"))) {
      throw function.refusal("parameters", "must be of type object for this upstream");
    }
    return schema;
  }

  private static Optional<Map<String, @Nullable Object>> choice(RequestObject request)
      throws UntranslatableException {
    Optional<Object> choice = request.value("tool_choice");
    if (choice.isEmpty()) {
      return Optional.empty();
    }
    if (choice.get() instanceof String name) {
      return Optional.of(Json.object("type", choiceType(request, name)));
    }
    RequestObject named = RequestObject.of(choice.get(), request.path("tool_choice"));
    if (!named.requiredText("type").equals("function")) {
      throw named.refusal("type", "the upstream's protocol can force one function only");
    }
    RequestObject function = named.requiredObject("function");
    Map<String, @Nullable Object> out =
        Json.object("type", "tool", "name", function.requiredText("name"));
    function.end();
    named.end();
    return Optional.of(out);
  }

  private static String choiceType(RequestObject request, String name)
      throws UntranslatableException {
    return switch (name) {
      case "auto", "none" -> name;
      case "required" -> "any";
      default -> throw request.refusal("tool_choice", "is not a choice that we know");
    };
  }
}
