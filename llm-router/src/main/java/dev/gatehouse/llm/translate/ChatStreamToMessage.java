package dev.gatehouse.llm.translate;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A streamed chat completion as the events of a message.
 *
 * <p>States: before the first chunk; open; closed, by {@code [DONE]}, an error or the end. Once
 * closed, nothing comes out. The stop reason waits for {@code [DONE]} or the end, because the usage
 * comes after the finish reason and both belong into one {@code message_delta}.
 */
final class ChatStreamToMessage implements StreamTranslator {

  /** Longest explanation of a refusal, in characters; its text streams on beyond it. */
  static final int EXPLANATION_CHARS_MAX = 4_096;

  private final ContentBlocks blocks = new ContentBlocks();
  private final StringBuilder refusal = new StringBuilder();
  private Optional<String> finishReason = Optional.empty();
  private Usage usage = Usage.NONE;
  private boolean open;
  private boolean closed;
  private boolean failed;

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
      return List.of(StreamErrors.messages(event));
    }
    ChatChunk chunk = ChatChunk.read(event);
    if (!open && event.objects("choices").isEmpty()) {
      // Azure begins with what its filter found in the prompt, in a chunk without id and model.
      return List.of();
    }
    return chunk(chunk);
  }

  private List<SseEvent> chunk(ChatChunk chunk) {
    List<SseEvent> events = new ArrayList<>();
    if (!open) {
      open = true;
      events.add(start(chunk));
    }
    usage = chunk.usage().orElse(usage);
    try {
      blocks.thinking(chunk.reasoning(), events);
      blocks.text(chunk.content(), events);
      blocks.text(chunk.refusal(), events);
      for (ChatChunk.CallPiece piece : chunk.calls()) {
        blocks.call(piece, events);
      }
    } catch (UnreadableReplyException e) {
      // Part of the chunk is on its way, so it cannot be skipped any more.
      closed = true;
      failed = true;
      events.add(StreamErrors.messages("api_error", String.valueOf(e.getMessage())));
      return events;
    }
    int room = EXPLANATION_CHARS_MAX - refusal.length();
    refusal.append(chunk.refusal(), 0, Math.min(room, chunk.refusal().length()));
    if (chunk.finishReason().isPresent()) {
      finishReason = chunk.finishReason();
      blocks.close(events);
    }
    return events;
  }

  @Override
  public List<SseEvent> end() {
    if (closed) {
      return List.of();
    }
    closed = true;
    if (finishReason.isEmpty()) {
      failed = true;
      return List.of(StreamErrors.messages("api_error", StreamErrors.TRUNCATED));
    }
    List<SseEvent> events = new ArrayList<>();
    blocks.close(events);
    boolean refused = !refusal.isEmpty();
    String stopReason = Endings.toMessages(finishReason.get(), blocks.haveCalls(), refused);
    Map<String, @Nullable Object> delta =
        Json.object(
            "stop_reason",
            stopReason,
            "stop_sequence",
            null,
            "stop_details",
            refused ? Messages.refusal(refusal.toString()) : null,
            "container",
            null);
    events.add(
        ContentBlocks.event("message_delta", "delta", delta, "usage", usage.toMessageDelta()));
    events.add(ContentBlocks.event("message_stop"));
    return events;
  }

  @Override
  public boolean failed() {
    return failed;
  }

  /** The prompt's tokens are not known yet; {@code message_delta} tells them. */
  private static SseEvent start(ChatChunk chunk) {
    Map<String, @Nullable Object> message =
        Messages.message(chunk.id(), chunk.model(), List.of(), null, Usage.NONE);
    return ContentBlocks.event("message_start", "message", message);
  }
}
