package dev.gatehouse.llm.translate;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A messages request as a chat completion request: the fields beside the conversation.
 *
 * <p>Refused: {@code top_k}, more than four stop sequences, {@code max_tokens: 0} (which only warms
 * a cache), {@code container}, {@code mcp_servers}, {@code inference_geo} (a promise about where
 * the data goes), context editing other than of thinking, and every field unknown to us.
 *
 * <p>Left out, as they do not bear on what the answer may say:
 *
 * <ul>
 *   <li>{@code cache_control} at the top: OpenAI places one breakpoint by itself;
 *   <li>{@code metadata.user_id} beyond 64 characters: OpenAI refuses longer ones;
 *   <li>{@code speed}: a price class; {@code diagnostics}: about Anthropic's cache;
 *   <li>{@code thinking: disabled} and {@code adaptive}: what a chat model does when nothing is
 *       said, and many refuse to be told; {@code display}: the form in which thinking is shown;
 *   <li>{@code context_management} of thinking: earlier thinking is left out anyhow.
 * </ul>
 */
final class MessagesRequestToChat {

  /** Most {@code stop} texts of the chat protocol. */
  static final int STOPS_MAX = 4;

  /** Longest {@code user} that OpenAI takes. */
  static final int USER_CHARS_MAX = 64;

  private MessagesRequestToChat() {}

  static Map<String, @Nullable Object> translate(RequestObject request, String upstreamModel)
      throws UntranslatableException {
    request.leaveOut("model");
    Map<String, @Nullable Object> out = Json.object("model", upstreamModel);
    out.put("messages", MessagesConversation.read(request, upstreamModel));
    MessagesTools.write(request, out);
    writeLimits(request, out);
    writeThinking(request, out);
    writeService(request, out);
    if (request.isTrue("stream")) {
      out.put("stream", true);
      // message_delta has to tell the usage, whether the client reads it or not.
      out.put("stream_options", Json.object("include_usage", true));
    }
    refuseContextEditing(request);
    request.refuseIfPresent("top_k", "the upstream's protocol has no such setting");
    request.leaveOut("cache_control", "speed", "diagnostics");
    request.end();
    return out;
  }

  private static void writeLimits(RequestObject request, Map<String, @Nullable Object> out)
      throws UntranslatableException {
    long maxTokens =
        request
            .wholeNumber("max_tokens")
            .orElseThrow(() -> request.refusal("max_tokens", "is required"));
    if (maxTokens < 1) {
      throw request.refusal("max_tokens", "must be at least 1 for this upstream, is " + maxTokens);
    }
    out.put("max_completion_tokens", maxTokens);
    request.number("temperature").ifPresent(value -> out.put("temperature", value));
    request.number("top_p").ifPresent(value -> out.put("top_p", value));
    List<String> stops = request.texts("stop_sequences");
    if (stops.size() > STOPS_MAX) {
      throw request.refusal(
          "stop_sequences",
          "must be at most " + STOPS_MAX + " for this upstream, are " + stops.size());
    }
    if (!stops.isEmpty()) {
      out.put("stop", stops);
    }
  }

  /** The effort the client names, else the one nearest to its thinking budget; and the format. */
  private static void writeThinking(RequestObject request, Map<String, @Nullable Object> out)
      throws UntranslatableException {
    Optional<String> effort = thinkingEffort(request);
    Optional<RequestObject> config = request.object("output_config");
    if (config.isPresent()) {
      Optional<String> budgeted = effort;
      effort = config.get().text("effort").or(() -> budgeted);
      writeFormat(config.get().object("format"), out);
      config.get().end();
    }
    // Where the format stood while it was a beta.
    writeFormat(request.object("output_format"), out);
    effort.ifPresent(value -> out.put("reasoning_effort", value));
  }

  private static Optional<String> thinkingEffort(RequestObject request)
      throws UntranslatableException {
    Optional<RequestObject> thinking = request.object("thinking");
    if (thinking.isEmpty()) {
      return Optional.empty();
    }
    RequestObject config = thinking.get();
    config.leaveOut("display");
    Optional<Long> budget = config.wholeNumber("budget_tokens");
    String type = config.requiredText("type");
    config.end();
    return switch (type) {
      case "enabled" -> budget.map(tokens -> Effort.ofBudget(tokens).chatName());
      case "adaptive", "disabled" -> Optional.empty();
      default -> throw config.refusal("type", "the upstream's protocol has no such thinking");
    };
  }

  /** A schema is always held to in the messages protocol, so it is made strict. */
  private static void writeFormat(Optional<RequestObject> format, Map<String, @Nullable Object> out)
      throws UntranslatableException {
    if (format.isEmpty()) {
      return;
    }
    if (!format.get().requiredText("type").equals("json_schema")) {
      throw format.get().refusal("type", "is not a format that we know");
    }
    Optional<Map<?, ?>> schema = format.get().tree("schema");
    if (schema.isEmpty()) {
      throw format.get().refusal("schema", "is required");
    }
    format.get().end();
    out.put(
        "response_format",
        Json.object(
            "type",
            "json_schema",
            "json_schema",
            Json.object("name", "answer", "strict", true, "schema", schema.get())));
  }

  private static void writeService(RequestObject request, Map<String, @Nullable Object> out)
      throws UntranslatableException {
    Optional<RequestObject> metadata = request.object("metadata");
    if (metadata.isPresent()) {
      metadata
          .get()
          .text("user_id")
          .filter(id -> id.length() <= USER_CHARS_MAX)
          .ifPresent(id -> out.put("user", id));
      metadata.get().end();
    }
    switch (request.text("service_tier").orElse("")) {
      case "auto" -> out.put("service_tier", "auto");
      case "standard_only" -> out.put("service_tier", "default");
      default -> {}
    }
  }

  private static void refuseContextEditing(RequestObject request) throws UntranslatableException {
    Optional<RequestObject> management = request.object("context_management");
    if (management.isEmpty()) {
      return;
    }
    for (RequestObject edit : management.get().objects("edits")) {
      if (!edit.requiredText("type").startsWith("clear_thinking")) {
        throw edit.refusal("type", "the upstream does not edit the conversation");
      }
    }
    management.get().end();
  }
}
