package dev.gatehouse.llm.translate;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A chat completion request as a request for a response, for models that OpenAI offers there only.
 *
 * <p>Nothing is stored: a chat client could not go on from it. Refused: {@code n} above 1, {@code
 * stop}, penalties other than 0, {@code logit_bias}, audio, custom tools, the {@code functions} of
 * old, and every field unknown to us.
 *
 * <p>Left out, as they do not bear on what the answer may say: {@code store}, {@code metadata},
 * {@code seed}, {@code prediction}, participants' names, and reasoning of earlier turns, which only
 * its own provider can open.
 */
final class ChatRequestToResponses {

  private ChatRequestToResponses() {}

  static Map<String, @Nullable Object> translate(RequestObject request, String upstreamModel)
      throws UntranslatableException {
    request.leaveOut("model", "store", "metadata", "seed", "prediction", "stream_options");
    Map<String, @Nullable Object> out = Json.object("model", upstreamModel);
    out.put("input", input(request));
    out.put("store", false);
    writeTools(request, out);
    Optional<Long> legacy = request.wholeNumber("max_tokens");
    request
        .wholeNumber("max_completion_tokens")
        .or(() -> legacy)
        .ifPresent(limit -> out.put("max_output_tokens", limit));
    for (String name : List.of("temperature", "top_p")) {
      request.number(name).ifPresent(value -> out.put(name, value));
    }
    writeText(request, out);
    request
        .text("reasoning_effort")
        .ifPresent(effort -> out.put("reasoning", Json.object("effort", effort)));
    request.leaveOut("thinking");
    long top = request.wholeNumber("top_logprobs").orElse(0L);
    if (request.isTrue("logprobs")) {
      out.put("include", List.of("message.output_text.logprobs"));
      out.put("top_logprobs", top);
    }
    for (String name :
        List.of(
            "user",
            "safety_identifier",
            "prompt_cache_key",
            "prompt_cache_retention",
            "prompt_cache_options",
            "service_tier")) {
      request.value(name).ifPresent(value -> out.put(name, value));
    }
    request.flag("stream").ifPresent(stream -> out.put("stream", stream));
    refuseWhatHasNoPlace(request);
    request.end();
    return out;
  }

  private static List<Map<String, @Nullable Object>> input(RequestObject request)
      throws UntranslatableException {
    List<Map<String, @Nullable Object>> items = new ArrayList<>();
    for (RequestObject message : request.objects("messages")) {
      message.leaveOut("name", "index", "annotations", "parsed");
      message.leaveOut("reasoning_content", "reasoning", "thinking_blocks");
      switch (message.requiredText("role")) {
        case "system", "developer", "user" ->
            say(items, message.requiredText("role"), parts(message, "input_text"));
        case "assistant" -> assistant(items, message);
        case "tool" ->
            items.add(
                Json.object(
                    "type",
                    "function_call_output",
                    "call_id",
                    message.requiredText("tool_call_id"),
                    "output",
                    output(message)));
        default -> throw message.refusal("role", "is not a role that we know");
      }
      message.end();
    }
    if (items.isEmpty()) {
      throw request.refusal("messages", "must hold at least one message that says something");
    }
    return items;
  }

  private static void say(
      List<Map<String, @Nullable Object>> items,
      String role,
      List<Map<String, @Nullable Object>> parts) {
    if (!parts.isEmpty()) {
      items.add(Json.object("type", "message", "role", role, "content", parts));
    }
  }

  private static void assistant(List<Map<String, @Nullable Object>> items, RequestObject message)
      throws UntranslatableException {
    message.refuseIfPresent("audio", "the upstream's protocol has no audio here");
    message.refuseIfPresent("function_call", "deprecated since 2023; use tool_calls");
    List<Map<String, @Nullable Object>> parts = parts(message, "output_text");
    message
        .text("refusal")
        .filter(text -> !text.isEmpty())
        .ifPresent(text -> parts.add(Responses.refusal(text)));
    say(items, "assistant", parts);
    for (RequestObject call : message.objects("tool_calls")) {
      call.leaveOut("index");
      if (!call.text("type").orElse("function").equals("function")) {
        throw call.refusal("type", "function tools only are carried");
      }
      RequestObject function = call.requiredObject("function");
      function.leaveOut("parsed_arguments");
      items.add(
          Json.object(
              "type",
              "function_call",
              "call_id",
              call.requiredText("id"),
              "name",
              function.requiredText("name"),
              "arguments",
              function.text("arguments").orElse("")));
      function.end();
      call.end();
    }
  }

  private static Object output(RequestObject message) throws UntranslatableException {
    return message.value("content").orElse("") instanceof String text
        ? text
        : parts(message, "input_text");
  }

  private static List<Map<String, @Nullable Object>> parts(RequestObject message, String textType)
      throws UntranslatableException {
    List<Map<String, @Nullable Object>> parts = new ArrayList<>();
    if (message.value("content").orElse(List.of()) instanceof String text) {
      if (!text.isEmpty()) {
        parts.add(Json.object("type", textType, "text", text));
      }
      return parts;
    }
    for (RequestObject part : message.objects("content")) {
      part.leaveOut("cache_control");
      Map<String, @Nullable Object> made = part(part, textType);
      part.value("prompt_cache_breakpoint")
          .ifPresent(mark -> made.put("prompt_cache_breakpoint", mark));
      part.end();
      parts.add(made);
    }
    return parts;
  }

  private static Map<String, @Nullable Object> part(RequestObject part, String textType)
      throws UntranslatableException {
    return switch (part.requiredText("type")) {
      case "text" -> Json.object("type", textType, "text", part.requiredText("text"));
      case "refusal" -> Responses.refusal(part.requiredText("refusal"));
      case "image_url" -> image(part.requiredObject("image_url"));
      case "file" -> file(part.requiredObject("file"));
      default -> throw part.refusal("type", "the upstream's protocol has no such content");
    };
  }

  private static Map<String, @Nullable Object> image(RequestObject image)
      throws UntranslatableException {
    Map<String, @Nullable Object> out =
        Json.object("type", "input_image", "image_url", image.requiredText("url"));
    out.put("detail", image.text("detail").orElse("auto"));
    image.end();
    return out;
  }

  private static Map<String, @Nullable Object> file(RequestObject file)
      throws UntranslatableException {
    Map<String, @Nullable Object> out = Json.object("type", "input_file");
    for (String name : List.of("filename", "file_data", "file_id")) {
      file.text(name).ifPresent(value -> out.put(name, value));
    }
    file.end();
    return out;
  }

  private static void writeTools(RequestObject request, Map<String, @Nullable Object> out)
      throws UntranslatableException {
    List<Map<String, @Nullable Object>> tools = new ArrayList<>();
    for (RequestObject tool : request.objects("tools")) {
      tools.add(tool(tool));
    }
    Optional<Object> choice = request.value("tool_choice");
    if (!tools.isEmpty()) {
      out.put("tools", tools);
    }
    if (choice.isPresent()) {
      out.put("tool_choice", choice(request, choice.get()));
    }
    request
        .flag("parallel_tool_calls")
        .ifPresent(parallel -> out.put("parallel_tool_calls", parallel));
  }

  private static Map<String, @Nullable Object> tool(RequestObject tool)
      throws UntranslatableException {
    if (!tool.requiredText("type").equals("function")) {
      throw tool.refusal("type", "function tools only are carried");
    }
    tool.leaveOut("cache_control", "prompt_cache_breakpoint");
    RequestObject function = tool.requiredObject("function");
    Map<String, @Nullable Object> out =
        Json.object("type", "function", "name", function.requiredText("name"));
    function.text("description").ifPresent(text -> out.put("description", text));
    out.put("parameters", function.tree("parameters").orElse(null));
    // strict is the default there and is not here
    out.put("strict", function.isTrue("strict"));
    function.end();
    tool.end();
    return out;
  }

  private static Object choice(RequestObject request, Object choice)
      throws UntranslatableException {
    if (choice instanceof String) {
      return choice;
    }
    RequestObject named = RequestObject.of(choice, request.path("tool_choice"));
    if (!named.requiredText("type").equals("function")) {
      throw named.refusal("type", "one function can be forced only");
    }
    RequestObject function = named.requiredObject("function");
    String name = function.requiredText("name");
    function.end();
    named.end();
    return Json.object("type", "function", "name", name);
  }

  private static void writeText(RequestObject request, Map<String, @Nullable Object> out)
      throws UntranslatableException {
    Map<String, @Nullable Object> text = Json.object();
    request.text("verbosity").ifPresent(value -> text.put("verbosity", value));
    Optional<RequestObject> format = request.object("response_format");
    if (format.isPresent()) {
      String type = format.get().requiredText("type");
      Map<String, @Nullable Object> made = Json.object("type", type);
      if (type.equals("json_schema")) {
        RequestObject named = format.get().requiredObject("json_schema");
        for (String name : List.of("name", "description", "schema", "strict")) {
          named.value(name).ifPresent(value -> made.put(name, value));
        }
        named.end();
      }
      format.get().end();
      text.put("format", made);
    }
    if (!text.isEmpty()) {
      out.put("text", text);
    }
  }

  private static void refuseWhatHasNoPlace(RequestObject request) throws UntranslatableException {
    if (request.wholeNumber("n").orElse(1L) != 1) {
      throw request.refusal("n", "this upstream gives one answer a request");
    }
    request.refuseIfPresent("stop", "this upstream has no stop sequences");
    for (String name : List.of("frequency_penalty", "presence_penalty")) {
      if (request.number(name).map(Number::doubleValue).orElse(0.0) != 0) {
        throw request.refusal(name, "this upstream has no such setting");
      }
    }
    if (!request.tree("logit_bias").orElse(Map.of()).isEmpty()) {
      throw request.refusal("logit_bias", "this upstream has no such setting");
    }
    if (!List.of("text").containsAll(request.texts("modalities"))) {
      throw request.refusal("modalities", "this upstream answers in text only");
    }
  }
}
