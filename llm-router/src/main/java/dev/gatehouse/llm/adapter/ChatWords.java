package dev.gatehouse.llm.adapter;

import dev.gatehouse.llm.wire.Json;
import dev.langchain4j.agent.tool.ToolExecutionRequest;
import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.model.bedrock.BedrockTokenUsage;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.chat.response.CompleteToolCall;
import dev.langchain4j.model.chat.response.PartialToolCall;
import dev.langchain4j.model.googleai.GoogleAiGeminiTokenUsage;
import dev.langchain4j.model.output.FinishReason;
import dev.langchain4j.model.output.TokenUsage;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What a library tells of one answer, as a chat completion, whole or in chunks. */
final class ChatWords {

  private final String id = "chatcmpl-" + unique();
  private final long createdSecond = System.currentTimeMillis() / 1_000;
  private final String model;
  private final Map<Integer, String> calls = new HashMap<>();

  ChatWords(String model) {
    this.model = model;
  }

  private static String unique() {
    return UUID.randomUUID().toString().replace("-", "").substring(0, 24);
  }

  String text(String piece) {
    return piece.isEmpty() ? "" : delta("content", piece);
  }

  String thinking(String piece) {
    return piece.isEmpty() ? "" : delta("reasoning_content", piece);
  }

  /** A piece of a call's arguments; the first one names it. */
  String call(PartialToolCall piece) {
    return call(piece.index(), piece.id(), piece.name(), piece.partialArguments());
  }

  /** A whole call, unless its pieces have been told. */
  String call(CompleteToolCall call) {
    ToolExecutionRequest made = call.toolExecutionRequest();
    return calls.containsKey(call.index())
        ? ""
        : call(call.index(), made.id(), made.name(), arguments(made));
  }

  private String call(int index, @Nullable String callId, String name, String arguments) {
    Map<String, Object> function = new LinkedHashMap<>();
    Map<String, Object> call = new LinkedHashMap<>();
    call.put("index", index);
    if (!calls.containsKey(index)) {
      calls.put(index, name);
      call.put("id", idOf(callId));
      call.put("type", "function");
      function.put("name", name);
    }
    function.put("arguments", arguments);
    call.put("function", function);
    return delta("tool_calls", List.of(call));
  }

  /** Some of these APIs have no ids for calls, but the other protocols need them. */
  private static String idOf(@Nullable String callId) {
    return callId == null || callId.isBlank() ? "call_" + unique() : callId;
  }

  private static String arguments(ToolExecutionRequest call) {
    return call.arguments() == null || call.arguments().isBlank() ? "{}" : call.arguments();
  }

  /** The last chunks of a stream. */
  String end(ChatResponse response) {
    StringBuilder all = new StringBuilder();
    List<ToolExecutionRequest> made = response.aiMessage().toolExecutionRequests();
    for (int i = 0; calls.isEmpty() && i < made.size(); i++) {
      all.append(call(i, made.get(i).id(), made.get(i).name(), arguments(made.get(i))));
    }
    all.append(chunk(Map.of(), finishReason(response).orElseThrow()));
    Map<String, @Nullable Object> usage = head("chat.completion.chunk", model);
    usage.put("choices", List.of());
    usage.put("usage", usage(response.tokenUsage()));
    return all.append(event(usage)).append("data: [DONE]\n\n").toString();
  }

  Map<String, Object> whole(ChatResponse response) {
    AiMessage said = response.aiMessage();
    Map<String, @Nullable Object> message = new LinkedHashMap<>();
    message.put("role", "assistant");
    message.put("content", said.text());
    message.put("refusal", null);
    if (said.thinking() != null && !said.thinking().isEmpty()) {
      message.put("reasoning_content", said.thinking());
    }
    List<Object> made = new ArrayList<>();
    for (ToolExecutionRequest call : said.toolExecutionRequests()) {
      made.add(
          Map.of(
              "id",
              idOf(call.id()),
              "type",
              "function",
              "function",
              Map.of("name", call.name(), "arguments", arguments(call))));
    }
    if (!made.isEmpty()) {
      message.put("tool_calls", made);
    }
    Map<String, @Nullable Object> choice = new LinkedHashMap<>();
    choice.put("index", 0);
    choice.put("message", message);
    choice.put("logprobs", null);
    choice.put("finish_reason", finishReason(response).orElseThrow());
    String served = response.metadata().modelName();
    Map<String, @Nullable Object> whole =
        head("chat.completion", served == null || served.isBlank() ? model : served);
    whole.put("choices", List.of(choice));
    whole.put("usage", usage(response.tokenUsage()));
    return plain(whole);
  }

  /** Why the answer ended; empty when nobody said, and then it is none. */
  Optional<String> finishReason(ChatResponse response) {
    FinishReason reason = response.finishReason();
    if (reason == null) {
      return Optional.empty();
    }
    boolean called = response.aiMessage().hasToolExecutionRequests();
    return Optional.of(
        switch (reason) {
          case STOP -> called ? "tool_calls" : "stop";
          case TOOL_EXECUTION -> "tool_calls";
          case CONTENT_FILTER -> "content_filter";
          // a reason that is new to the library: it must not look complete
          case LENGTH, OTHER -> "length";
        });
  }

  private static Map<String, Object> usage(@Nullable TokenUsage used) {
    long cached = 0;
    long reasoning = 0;
    long input = used == null ? 0 : count(used.inputTokenCount());
    long output = used == null ? 0 : count(used.outputTokenCount());
    switch (used) {
      case GoogleAiGeminiTokenUsage gemini -> {
        cached = count(gemini.cachedContentTokenCount());
        reasoning = count(gemini.thoughtsTokenCount());
        // Gemini counts thoughts beside the answer, chat completions inside of it
        output += reasoning;
      }
      case BedrockTokenUsage bedrock -> {
        // Bedrock counts cached tokens beside the input, chat completions inside of it
        cached = count(bedrock.cacheReadInputTokens());
        input += cached + count(bedrock.cacheWriteInputTokens());
      }
      case null, default -> {}
    }
    return Map.of(
        "prompt_tokens",
        input,
        "completion_tokens",
        output,
        "total_tokens",
        input + output,
        "prompt_tokens_details",
        Map.of("cached_tokens", cached),
        "completion_tokens_details",
        Map.of("reasoning_tokens", reasoning));
  }

  private static long count(@Nullable Integer tokens) {
    return tokens == null ? 0 : tokens;
  }

  private String delta(String name, Object value) {
    return chunk(Map.of("role", "assistant", name, value), null);
  }

  private String chunk(Map<String, Object> delta, @Nullable String finish) {
    Map<String, @Nullable Object> choice = new LinkedHashMap<>();
    choice.put("index", 0);
    choice.put("delta", delta);
    choice.put("finish_reason", finish);
    Map<String, @Nullable Object> chunk = head("chat.completion.chunk", model);
    chunk.put("choices", List.of(choice));
    return event(chunk);
  }

  private Map<String, @Nullable Object> head(String object, String served) {
    Map<String, @Nullable Object> head = new LinkedHashMap<>();
    head.put("id", id);
    head.put("object", object);
    head.put("created", createdSecond);
    head.put("model", served);
    return head;
  }

  private static String event(Map<String, @Nullable Object> tree) {
    return "data: " + new String(Json.bytes(plain(tree)), StandardCharsets.UTF_8) + "\n\n";
  }

  /** The object as the ports write its type: trees are {@code Map<String, Object>} everywhere. */
  @SuppressWarnings("NullAway")
  private static Map<String, Object> plain(Map<String, @Nullable Object> object) {
    return object;
  }
}
