package dev.gatehouse.llm.translate;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A streamed response as chat completion chunks.
 *
 * <p>States: before {@code response.created}; open; ending known; closed. A response says how it
 * ended and what it used in one event, so the finish reason follows at once.
 */
final class ResponseStreamToChat implements StreamTranslator {

  private final ChatChunks chunks;
  private final boolean withUsage;
  private final Map<Long, Integer> calls = new HashMap<>();
  private Optional<ReplyObject> ending = Optional.empty();
  private boolean open;
  private boolean closed;
  private boolean failed;

  ResponseStreamToChat(long createdSecond, boolean withUsage) {
    this.chunks = new ChatChunks(createdSecond);
    this.withUsage = withUsage;
  }

  @Override
  public List<SseEvent> event(SseEvent upstreamEvent) {
    if (closed || upstreamEvent.data().strip().equals("[DONE]")) {
      return List.of();
    }
    ReplyObject event = ReplyObject.parse(upstreamEvent);
    String type = event.text("type").orElse(upstreamEvent.name());
    return switch (type) {
      case "response.created" -> start(event.requiredObject("response"));
      case "response.output_text.delta" -> text(event);
      case "response.refusal.delta" ->
          List.of(chunks.delta(Json.object("refusal", event.requiredText("delta"))));
      case "response.reasoning_text.delta", "response.reasoning_summary_text.delta" ->
          List.of(chunks.delta(Json.object("reasoning_content", event.requiredText("delta"))));
      case "response.output_item.added" -> added(event);
      case "response.function_call_arguments.delta" -> arguments(event);
      case "response.completed", "response.incomplete" -> {
        ending = Optional.of(event.requiredObject("response"));
        yield List.of();
      }
      case "response.failed" ->
          error(event.requiredObject("response").object("error").orElse(event));
      case "error" -> error(event.object("error").orElse(event));
      // Closing events repeat what came, and new kinds of event may come at any time.
      default -> List.of();
    };
  }

  private List<SseEvent> start(ReplyObject response) {
    chunks.name(response.requiredText("id"), response.textOrEmpty("model"));
    if (open) {
      return List.of();
    }
    open = true;
    return List.of(chunks.delta(Json.object("role", "assistant", "content", "", "refusal", null)));
  }

  private List<SseEvent> text(ReplyObject event) {
    List<?> logprobs = ResponseToChat.logprobs(event);
    Map<String, @Nullable Object> delta = Json.object("content", event.requiredText("delta"));
    return List.of(logprobs.isEmpty() ? chunks.delta(delta) : chunks.delta(delta, logprobs));
  }

  private List<SseEvent> added(ReplyObject event) {
    ReplyObject item = event.requiredObject("item");
    if (!item.requiredText("type").equals("function_call")) {
      return List.of();
    }
    int index = calls.size();
    String id = item.requiredText("call_id");
    String name = item.requiredText("name");
    calls.put(event.count("output_index"), index);
    return List.of(
        chunks.toolCall(
            Json.object(
                "index",
                index,
                "id",
                id,
                "type",
                "function",
                "function",
                Json.object("name", name, "arguments", item.textOrEmpty("arguments")))));
  }

  private List<SseEvent> arguments(ReplyObject event) {
    Integer index = calls.get(event.count("output_index"));
    if (index == null) {
      throw new UnreadableReplyException("arguments of a call that has not begun");
    }
    return List.of(
        chunks.toolCall(
            Json.object(
                "index",
                index,
                "function",
                Json.object("arguments", event.requiredText("delta")))));
  }

  private List<SseEvent> error(ReplyObject error) {
    closed = true;
    failed = true;
    String code = error.textOrEmpty("code");
    return List.of(
        StreamErrors.chat(
            switch (code) {
              case "rate_limit_exceeded" -> "rate_limit_error";
              case "invalid_prompt" -> "invalid_request_error";
              default -> "api_error";
            },
            StreamErrors.message(error)));
  }

  @Override
  public List<SseEvent> end() {
    if (closed) {
      return List.of();
    }
    closed = true;
    if (ending.isEmpty()) {
      failed = true;
      return List.of(StreamErrors.chat("api_error", StreamErrors.TRUNCATED));
    }
    List<SseEvent> out = new ArrayList<>();
    out.add(chunks.finish(ResponseToChat.finishReason(ending.get(), !calls.isEmpty())));
    if (withUsage) {
      out.add(chunks.usage(ending.get().object("usage").map(Usage::ofResponse).orElse(Usage.NONE)));
    }
    out.add(ChatChunks.DONE);
    return out;
  }

  @Override
  public boolean failed() {
    return failed;
  }
}
