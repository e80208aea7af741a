package dev.gatehouse.llm.translate;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A chat completion request as a messages request: the fields beside the conversation.
 *
 * <p>Refused: {@code n} above 1, {@code logprobs}, {@code logit_bias}, penalties other than 0,
 * audio, {@code response_format: json_object} (the messages protocol wants a schema), web search,
 * moderation, the {@code functions} of old, a temperature above 1 (its range ends there; a clamped
 * one would be another answer), sampling settings for models that no longer take them, and every
 * field unknown to us. A value that is the protocol's default is carried by leaving it out.
 *
 * <p>Left out, as they do not bear on what the answer may say:
 *
 * <ul>
 *   <li>{@code store}, {@code metadata}: what OpenAI keeps on its side, for its own dashboard;
 *   <li>{@code seed}: OpenAI itself promises no determinism for it and deprecates it;
 *   <li>{@code prediction}: speeds up an answer, never changes it;
 *   <li>{@code prompt_cache_key}, {@code prompt_cache_retention}, {@code prompt_cache_options}:
 *       where and how long OpenAI caches; the breakpoints themselves are carried;
 *   <li>{@code verbosity}: a preference of style that SDKs send by default;
 *   <li>{@code service_tier: flex} and {@code scale}: price classes that Anthropic does not sell;
 *   <li>{@code stream_options}: about the stream's form, which {@link Translation#stream(Map)}
 *       heeds.
 * </ul>
 */
final class ChatRequestToMessages {

  /** Highest temperature of the messages protocol; the chat protocol's range ends at 2. */
  private static final double TEMPERATURE_MAX = 1;

  private final long maxTokensDefault;

  ChatRequestToMessages(long maxTokensDefault) {
    this.maxTokensDefault = maxTokensDefault;
  }

  Map<String, @Nullable Object> translate(RequestObject request, String upstreamModel)
      throws UntranslatableException {
    ClaudeModel model = ClaudeModel.named(upstreamModel);
    Map<String, @Nullable Object> out = Json.object("model", upstreamModel);
    request.leaveOut("model");
    ChatConversation conversation = ChatConversation.read(request);
    out.put("messages", conversation.messages());
    if (!conversation.system().isEmpty()) {
      out.put("system", conversation.system());
    }
    ChatTools tools = ChatTools.read(request);
    tools.writeTo(out);
    ChatThinking thinking = ChatThinking.read(request, model);
    thinking.writeTo(out, maxTokens(request), maxTokensDefault, tools.forced(), conversation);
    writeFormat(request, out);
    writeSampling(request, model, out);
    writeService(request, out);
    request.flag("stream").ifPresent(stream -> out.put("stream", stream));
    request.object("stream_options");
    refuseWhatHasNoPlace(request);
    request.leaveOut("store", "metadata", "seed", "prediction", "verbosity");
    request.leaveOut("prompt_cache_key", "prompt_cache_retention", "prompt_cache_options");
    request.end();
    return out;
  }

  private static Optional<Long> maxTokens(RequestObject request) throws UntranslatableException {
    Optional<Long> legacy = request.wholeNumber("max_tokens");
    Optional<Long> limit = request.wholeNumber("max_completion_tokens");
    String name = limit.isPresent() ? "max_completion_tokens" : "max_tokens";
    Optional<Long> chosen = limit.or(() -> legacy);
    if (chosen.isPresent() && chosen.get() < 1) {
      throw request.refusal(name, "must be at least 1, is " + chosen.get());
    }
    return chosen;
  }

  private static void writeFormat(RequestObject request, Map<String, @Nullable Object> out)
      throws UntranslatableException {
    Optional<RequestObject> format = request.object("response_format");
    if (format.isEmpty()) {
      return;
    }
    String type = format.get().requiredText("type");
    switch (type) {
      case "text" -> {}
      case "json_schema" ->
          ChatThinking.outputConfig(out)
              .put("format", Json.object("type", "json_schema", "schema", schema(format.get())));
      default ->
          throw format
              .get()
              .refusal("type", "the upstream's protocol knows text and json_schema only");
    }
    format.get().end();
  }

  /** The schema; a name is a label only, and strict is what the messages protocol always is. */
  private static Map<String, @Nullable Object> schema(RequestObject format)
      throws UntranslatableException {
    RequestObject named = format.requiredObject("json_schema");
    named.leaveOut("name", "strict");
    Optional<Map<?, ?>> schema = named.tree("schema");
    if (schema.isEmpty()) {
      throw named.refusal("schema", "is required");
    }
    Map<String, @Nullable Object> described = Json.object();
    schema.get().forEach((name, value) -> described.put(String.valueOf(name), value));
    named.text("description").ifPresent(text -> described.putIfAbsent("description", text));
    named.end();
    return described;
  }

  private static void writeSampling(
      RequestObject request, ClaudeModel model, Map<String, @Nullable Object> out)
      throws UntranslatableException {
    for (String name : List.of("temperature", "top_p", "top_k")) {
      Optional<Number> value = request.number(name);
      if (value.isEmpty()) {
        continue;
      }
      double number = value.get().doubleValue();
      if (model.sampling()) {
        if (name.equals("temperature") && number > TEMPERATURE_MAX) {
          throw request.refusal(name, "must be at most 1 for this upstream, is " + number);
        }
        out.put(name, value.get());
      } else if (number != 1 || name.equals("top_k")) {
        throw request.refusal(name, "this upstream's model takes no sampling settings");
      }
    }
    List<String> stops = stops(request);
    if (!stops.isEmpty()) {
      out.put("stop_sequences", stops);
    }
  }

  private static List<String> stops(RequestObject request) throws UntranslatableException {
    return request.value("stop").orElse(List.of()) instanceof String stop
        ? List.of(stop)
        : request.texts("stop");
  }

  private static void writeService(RequestObject request, Map<String, @Nullable Object> out)
      throws UntranslatableException {
    Optional<String> user = request.text("user");
    Optional<String> userId = request.text("safety_identifier").or(() -> user);
    userId.ifPresent(id -> out.put("metadata", Json.object("user_id", id)));
    switch (request.text("service_tier").orElse("")) {
      case "auto", "priority" -> out.put("service_tier", "auto");
      case "default" -> out.put("service_tier", "standard_only");
      default -> {}
    }
  }

  private static void refuseWhatHasNoPlace(RequestObject request) throws UntranslatableException {
    if (request.wholeNumber("n").orElse(1L) != 1) {
      throw request.refusal("n", "this upstream gives one answer a request");
    }
    if (request.isTrue("logprobs")) {
      throw request.refusal("logprobs", "this upstream gives no log probabilities");
    }
    for (String name : List.of("top_logprobs", "frequency_penalty", "presence_penalty")) {
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
    request.refuseIfPresent("audio", "this upstream answers in text only");
    request.refuseIfPresent(
        "web_search_options", "this upstream searches through a tool of its own");
    request.refuseIfPresent("moderation", "this upstream moderates by its own rules");
    request.refuseIfPresent("functions", "deprecated since 2023; use tools");
    request.refuseIfPresent("function_call", "deprecated since 2023; use tool_choice");
  }
}
