package dev.gatehouse.llm.adapter;

import dev.gatehouse.llm.config.ProviderType;
import dev.gatehouse.llm.translate.RequestObject;
import dev.gatehouse.llm.translate.UntranslatableException;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.request.ResponseFormat;
import dev.langchain4j.model.chat.request.ResponseFormatType;
import dev.langchain4j.model.chat.request.json.JsonSchema;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A chat completion request in LangChain4j's words. Carries or refuses, like every translation: a
 * field that nobody looked at is refused by name.
 *
 * <p>Refused: {@code n} above 1, log probabilities, {@code logit_bias}, audio, penalties other than
 * 0, a tool forced by name, {@code parallel_tool_calls: false}, and images by URL, which the
 * library would fetch itself, from wherever the client says.
 *
 * <p>Left out, as they do not bear on what the answer may say: what OpenAI keeps on its side, its
 * cache, its price classes, {@code seed}, {@code prediction}, {@code verbosity}, who the user is,
 * and the stream's form.
 *
 * @param thinkingTokens how much to think, where the client says; 0 for not at all
 */
record AdaptedRequest(
    String model, boolean streaming, ChatRequest request, Optional<Integer> thinkingTokens) {

  /** Reads and checks a request. */
  static AdaptedRequest read(Map<String, Object> chat, String model, ProviderType type)
      throws UntranslatableException {
    RequestObject request = RequestObject.root(chat);
    request.leaveOut("model", "stream_options", "store", "metadata", "seed", "prediction");
    request.leaveOut("verbosity", "service_tier", "user", "safety_identifier");
    request.leaveOut("prompt_cache_key", "prompt_cache_retention", "prompt_cache_options");
    ChatRequest.Builder out = ChatRequest.builder();
    out.modelName(model);
    out.messages(AdaptedConversation.read(request, type));
    AdaptedTools.write(request, out);
    writeSampling(request, out);
    writeFormat(request, type, out);
    Optional<Integer> thinking = thinking(request, type);
    boolean streaming = request.isTrue("stream");
    refuseWhatHasNoPlace(request);
    request.end();
    return new AdaptedRequest(model, streaming, out.build(), thinking);
  }

  private static void writeSampling(RequestObject request, ChatRequest.Builder out)
      throws UntranslatableException {
    request.number("temperature").ifPresent(value -> out.temperature(value.doubleValue()));
    request.number("top_p").ifPresent(value -> out.topP(value.doubleValue()));
    Optional<Long> legacy = request.wholeNumber("max_tokens");
    Optional<Long> limit = request.wholeNumber("max_completion_tokens").or(() -> legacy);
    if (limit.isPresent()) {
      if (limit.get() < 1 || limit.get() > Integer.MAX_VALUE) {
        throw request.refusal("max_completion_tokens", "must be at least 1, is " + limit.get());
      }
      out.maxOutputTokens(limit.get().intValue());
    }
    List<String> stops =
        request.value("stop").orElse(List.of()) instanceof String stop
            ? List.of(stop)
            : request.texts("stop");
    if (!stops.isEmpty()) {
      out.stopSequences(stops);
    }
  }

  private static void writeFormat(RequestObject request, ProviderType type, ChatRequest.Builder out)
      throws UntranslatableException {
    Optional<RequestObject> format = request.object("response_format");
    if (format.isEmpty()) {
      return;
    }
    String kind = format.get().requiredText("type");
    if (!kind.equals("text") && type == ProviderType.BEDROCK) {
      throw format.get().refusal("type", "this upstream answers in text only");
    }
    switch (kind) {
      case "text" -> {}
      case "json_object" -> out.responseFormat(ResponseFormat.JSON);
      case "json_schema" -> {
        RequestObject named = format.get().requiredObject("json_schema");
        named.leaveOut("strict", "description");
        Optional<Map<?, ?>> schema = named.tree("schema");
        if (schema.isEmpty()) {
          throw named.refusal("schema", "is required");
        }
        out.responseFormat(
            ResponseFormat.builder()
                .type(ResponseFormatType.JSON)
                .jsonSchema(
                    JsonSchema.builder()
                        .name(named.text("name").orElse("answer"))
                        .rootElement(Schemas.object(schema.get(), named.path("schema")))
                        .build())
                .build());
        named.end();
      }
      default -> throw format.get().refusal("type", "is not a format that we know");
    }
    format.get().end();
  }

  /** Gemini thinks by budget, Ollama does or does not; the others are not told through here. */
  private static Optional<Integer> thinking(RequestObject request, ProviderType type)
      throws UntranslatableException {
    Optional<String> effort = request.text("reasoning_effort");
    if (effort.isEmpty()) {
      return Optional.empty();
    }
    if (type != ProviderType.GEMINI && type != ProviderType.OLLAMA) {
      if (effort.get().equals("none")) {
        return Optional.empty();
      }
      throw request.refusal("reasoning_effort", "this upstream cannot be told how much to think");
    }
    return Optional.of(
        switch (effort.get()) {
          case "none" -> 0;
          case "minimal" -> 1_024;
          case "low" -> 2_048;
          case "medium" -> 8_192;
          case "high" -> 16_384;
          case "xhigh", "max" -> 24_576;
          default -> throw request.refusal("reasoning_effort", "is not an effort that we know");
        });
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
  }
}
