package dev.gatehouse.llm.translate;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A request for a response as a chat completion request: the fields beside the conversation.
 *
 * <p>Refused: tools that OpenAI defines or runs, custom tools, {@code prompt}, {@code truncation:
 * auto}, {@code max_tool_calls}, what to {@code include} beside log probabilities and reasoning,
 * and every field unknown to us. State that a provider keeps never gets here.
 *
 * <p>Left out, as they do not bear on what the answer may say:
 *
 * <ul>
 *   <li>{@code store}, {@code metadata}: what OpenAI keeps on its side;
 *   <li>{@code reasoning.summary}: the form in which reasoning is shown;
 *   <li>{@code include: reasoning.encrypted_content}: sealed by and for the one who thought it;
 *   <li>{@code stream_options}: about the stream's form.
 * </ul>
 */
final class ResponsesRequestToChat {

  private ResponsesRequestToChat() {}

  static Map<String, @Nullable Object> translate(RequestObject request, String upstreamModel)
      throws UntranslatableException {
    request.leaveOut("model", "store", "metadata", "stream_options", "background");
    Map<String, @Nullable Object> out = Json.object("model", upstreamModel);
    out.put("messages", ResponsesConversation.read(request));
    writeTools(request, out);
    request
        .wholeNumber("max_output_tokens")
        .ifPresent(limit -> out.put("max_completion_tokens", limit));
    for (String name : List.of("temperature", "top_p")) {
      request.number(name).ifPresent(value -> out.put(name, value));
    }
    writeText(request, out);
    writeReasoning(request, out);
    writeLogprobs(request, out);
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
    if (request.text("truncation").orElse("disabled").equals("auto")) {
      throw request.refusal("truncation", "the upstream does not shorten conversations");
    }
    if (request.isTrue("stream")) {
      out.put("stream", true);
      // response.completed has to tell the usage.
      out.put("stream_options", Json.object("include_usage", true));
    }
    request.end();
    return out;
  }

  private static void writeTools(RequestObject request, Map<String, @Nullable Object> out)
      throws UntranslatableException {
    List<Map<String, @Nullable Object>> tools = new ArrayList<>();
    for (RequestObject tool : request.objects("tools")) {
      tools.add(tool(tool));
    }
    Optional<Object> choice = request.value("tool_choice");
    Optional<Boolean> parallel = request.flag("parallel_tool_calls");
    if (tools.isEmpty()) {
      // The chat protocol refuses both without tools; SDKs send them all the same.
      return;
    }
    out.put("tools", tools);
    parallel.ifPresent(value -> out.put("parallel_tool_calls", value));
    if (choice.isPresent()) {
      out.put("tool_choice", choice(request, choice.get()));
    }
  }

  private static Map<String, @Nullable Object> tool(RequestObject tool)
      throws UntranslatableException {
    if (!tool.requiredText("type").equals("function")) {
      throw tool.refusal("type", "the upstream's protocol knows function tools only");
    }
    tool.leaveOut("defer_loading");
    if (!List.of("direct").containsAll(tool.texts("allowed_callers"))) {
      throw tool.refusal("allowed_callers", "the upstream's model calls tools directly only");
    }
    Map<String, @Nullable Object> function = Json.object("name", tool.requiredText("name"));
    tool.text("description").ifPresent(text -> function.put("description", text));
    tool.tree("parameters").ifPresent(schema -> function.put("parameters", schema));
    tool.flag("strict").ifPresent(strict -> function.put("strict", strict));
    tool.end();
    return Json.object("type", "function", "function", function);
  }

  private static Object choice(RequestObject request, Object choice)
      throws UntranslatableException {
    if (choice instanceof String) {
      return choice;
    }
    RequestObject named = RequestObject.of(choice, request.path("tool_choice"));
    if (!named.requiredText("type").equals("function")) {
      throw named.refusal("type", "this upstream can be forced to one function only");
    }
    String name = named.requiredText("name");
    named.end();
    return Json.object("type", "function", "function", Json.object("name", name));
  }

  private static void writeText(RequestObject request, Map<String, @Nullable Object> out)
      throws UntranslatableException {
    Optional<RequestObject> text = request.object("text");
    if (text.isEmpty()) {
      return;
    }
    text.get().text("verbosity").ifPresent(value -> out.put("verbosity", value));
    Optional<RequestObject> format = text.get().object("format");
    if (format.isPresent()) {
      writeFormat(format.get(), out);
    }
    text.get().end();
  }

  private static void writeFormat(RequestObject format, Map<String, @Nullable Object> out)
      throws UntranslatableException {
    String type = format.requiredText("type");
    switch (type) {
      case "text" -> {}
      case "json_object" -> out.put("response_format", Json.object("type", type));
      case "json_schema" -> {
        Map<String, @Nullable Object> schema = Json.object("name", format.requiredText("name"));
        format.text("description").ifPresent(text -> schema.put("description", text));
        schema.put(
            "schema",
            format.tree("schema").orElseThrow(() -> format.refusal("schema", "is required")));
        format.flag("strict").ifPresent(strict -> schema.put("strict", strict));
        out.put("response_format", Json.object("type", type, "json_schema", schema));
      }
      default -> throw format.refusal("type", "is not a format that we know");
    }
    format.end();
  }

  private static void writeReasoning(RequestObject request, Map<String, @Nullable Object> out)
      throws UntranslatableException {
    Optional<RequestObject> reasoning = request.object("reasoning");
    if (reasoning.isPresent()) {
      reasoning.get().text("effort").ifPresent(effort -> out.put("reasoning_effort", effort));
      reasoning.get().leaveOut("summary", "generate_summary");
      reasoning.get().end();
    }
  }

  private static void writeLogprobs(RequestObject request, Map<String, @Nullable Object> out)
      throws UntranslatableException {
    boolean wanted = false;
    for (String what : request.texts("include")) {
      switch (what) {
        case "message.output_text.logprobs" -> wanted = true;
        case "reasoning.encrypted_content" -> {}
        default -> throw request.refusal("include", "this upstream cannot tell " + known(what));
      }
    }
    long top = request.wholeNumber("top_logprobs").orElse(0L);
    if (wanted || top > 0) {
      out.put("logprobs", true);
      out.put("top_logprobs", top);
    }
  }

  /** What is asked for, unless it is nothing but the client's own words. */
  private static String known(String what) {
    return what.matches("[a-z_.]{1,64}") ? what : "that";
  }
}
