package dev.gatehouse.llm.translate;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A streamed chat completion as a streamed response.
 *
 * <p>States: before the first chunk; open; closed, by {@code [DONE]}, an error or the end. Once
 * closed, nothing comes out. {@code response.completed} waits for the end, because usage comes
 * after the finish reason.
 */
final class ChatStreamToResponse implements StreamTranslator {

  /** Longest answer that {@code response.completed} repeats, in characters. */
  static final int ANSWER_CHARS_MAX = 16 * 1024 * 1024;

  private final ResponseEvents events = new ResponseEvents();
  private final OutputItems items = new OutputItems(events);
  private final Map<String, Object> request;
  private final List<Object> thinking = new ArrayList<>();
  private long createdSecond;
  private String id = "";
  private String model = "";
  private Optional<String> finishReason = Optional.empty();
  private Usage usage = Usage.NONE;
  private long chars;
  private boolean open;
  private boolean closed;
  private boolean failed;

  ChatStreamToResponse(Map<String, Object> request, long nowSecond) {
    this.request = request;
    this.createdSecond = nowSecond;
  }

  @Override
  public List<SseEvent> event(SseEvent upstreamEvent) {
    if (closed) {
      return List.of();
    }
    if (upstreamEvent.data().strip().equals("[DONE]")) {
      return end();
    }
    ReplyObject event = ReplyObject.parse(upstreamEvent);
    if (event.has("error")) {
      closed = true;
      failed = true;
      return List.of(error(event.value("error").orElse("")));
    }
    ChatChunk chunk = ChatChunk.read(event);
    if (!open && event.objects("choices").isEmpty()) {
      // Azure begins with what its filter found in the prompt, in a chunk without id and model.
      return List.of();
    }
    return chunk(event, chunk);
  }

  private List<SseEvent> chunk(ReplyObject event, ChatChunk chunk) {
    chars += upstreamChars(chunk);
    if (chars > ANSWER_CHARS_MAX) {
      throw new UnreadableReplyException(
          "an answer of more than " + ANSWER_CHARS_MAX + " characters");
    }
    List<SseEvent> out = new ArrayList<>();
    if (!open) {
      start(event, chunk, out);
    }
    Optional<ReplyObject> choice = event.objects("choices").stream().findFirst();
    List<?> logprobs = choice.<List<?>>map(ChatToResponse::logprobs).orElse(List.of());
    choice
        .flatMap(c -> c.object("delta"))
        .ifPresent(delta -> thinking.addAll(ChatToResponse.thinkingBlocks(delta)));
    usage = chunk.usage().orElse(usage);
    items.reasoning(chunk.reasoning(), out);
    items.text(chunk.content(), logprobs, out);
    items.refusal(chunk.refusal(), out);
    chunk.calls().forEach(piece -> items.call(piece, out));
    finishReason = chunk.finishReason().or(() -> finishReason);
    return out;
  }

  private static long upstreamChars(ChatChunk chunk) {
    long all = (long) chunk.reasoning().length() + chunk.content().length();
    all += chunk.refusal().length();
    for (ChatChunk.CallPiece piece : chunk.calls()) {
      all += piece.arguments().length();
    }
    return all;
  }

  private void start(ReplyObject event, ChatChunk chunk, List<SseEvent> out) {
    open = true;
    id = chunk.id();
    model = chunk.model();
    createdSecond = event.number("created").map(Number::longValue).orElse(createdSecond);
    items.name(id);
    Map<String, @Nullable Object> response = response(Responses.Ending.NONE_YET, null);
    out.add(events.event("response.created", "response", response));
    out.add(events.event("response.in_progress", "response", response));
  }

  private Map<String, @Nullable Object> response(Responses.Ending ending, @Nullable Usage used) {
    return Responses.response(request, id, createdSecond, model, ending, items.output(), used);
  }

  @Override
  public List<SseEvent> end() {
    if (closed) {
      return List.of();
    }
    closed = true;
    if (finishReason.isEmpty()) {
      failed = true;
      return List.of(events.error("server_error", StreamErrors.TRUNCATED));
    }
    List<SseEvent> out = new ArrayList<>();
    thinking.forEach(ChatStreamToResponse::withoutIndex);
    items.end(thinking, out);
    Responses.Ending ending = Responses.Ending.of(finishReason.get());
    String type = ending.reason() == null ? "response.completed" : "response.incomplete";
    out.add(events.event(type, "response", response(ending, usage)));
    return out;
  }

  /** The index served to put the pieces of a list together. */
  private static void withoutIndex(Object block) {
    if (block instanceof Map<?, ?> fields) {
      fields.remove("index");
    }
  }

  @Override
  public boolean failed() {
    return failed;
  }

  private SseEvent error(Object value) {
    if (!(value instanceof Map<?, ?>)) {
      // Some compatible servers send a text only.
      return events.error("server_error", value.toString());
    }
    ReplyObject error = ReplyObject.of(value, "error");
    String code =
        error
            .value("code")
            .or(() -> error.value("type"))
            .map(Object::toString)
            .orElse("server_error");
    return events.error(code, StreamErrors.message(error));
  }
}
