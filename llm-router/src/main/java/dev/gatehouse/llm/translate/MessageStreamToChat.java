package dev.gatehouse.llm.translate;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A streamed message as chat completion chunks.
 *
 * <p>States: before {@code message_start}; open; closed, by {@code message_stop}, an error or the
 * end. Once closed, nothing comes out. The finish reason is held until the message is over, so that
 * it is the last chunk with a choice, and the usage follows it when the client asked for it.
 *
 * <p>Each event is read to its end before anything is changed, so an unreadable one leaves no
 * trace.
 */
final class MessageStreamToChat implements StreamTranslator {

  private final ChatChunks chunks;
  private final MessageBlocks blocks;
  private final boolean withUsage;
  private Usage usage = Usage.NONE;
  private Optional<String> stopReason = Optional.empty();
  private Optional<String> explanation = Optional.empty();
  private boolean open;
  private boolean closed;
  private boolean failed;

  MessageStreamToChat(long createdSecond, boolean withUsage) {
    this.chunks = new ChatChunks(createdSecond);
    this.blocks = new MessageBlocks(chunks);
    this.withUsage = withUsage;
  }

  @Override
  public List<SseEvent> event(SseEvent upstreamEvent) {
    if (closed) {
      return List.of();
    }
    ReplyObject event = ReplyObject.parse(upstreamEvent);
    String type = event.text("type").orElse(upstreamEvent.name());
    if (!open && !List.of("message_start", "error", "ping").contains(type)) {
      throw new UnreadableReplyException("an event came before message_start");
    }
    return switch (type) {
      case "message_start" -> start(event.requiredObject("message"));
      case "content_block_start" -> blocks.start(event);
      case "content_block_delta" -> blocks.delta(event);
      case "content_block_stop" -> blocks.stop(event);
      case "message_delta" -> messageDelta(event);
      case "message_stop" -> end();
      case "error" -> error(event.requiredObject("error"));
      // ping keeps the connection alive, and new kinds of event may come at any time.
      default -> List.of();
    };
  }

  @Override
  public List<SseEvent> end() {
    if (closed) {
      return List.of();
    }
    closed = true;
    if (stopReason.isEmpty()) {
      failed = true;
      return List.of(StreamErrors.chat("api_error", StreamErrors.TRUNCATED));
    }
    List<SseEvent> events = new ArrayList<>(blocks.thinking());
    explanation.ifPresent(text -> events.add(chunks.delta(Json.object("refusal", text))));
    events.add(chunks.finish(Endings.toChat(stopReason.get())));
    if (withUsage) {
      events.add(chunks.usage(usage));
    }
    events.add(ChatChunks.DONE);
    return events;
  }

  @Override
  public boolean failed() {
    return failed;
  }

  private List<SseEvent> start(ReplyObject message) {
    String id = message.requiredText("id");
    String model = message.requiredText("model");
    usage = message.object("usage").map(Usage::ofMessage).orElse(usage);
    if (open) {
      return List.of();
    }
    open = true;
    chunks.name(id, model);
    return List.of(chunks.delta(Json.object("role", "assistant", "content", "", "refusal", null)));
  }

  private List<SseEvent> messageDelta(ReplyObject event) {
    ReplyObject delta = event.requiredObject("delta");
    Optional<String> reason = delta.text("stop_reason");
    Optional<String> why = Optional.ofNullable(MessageToChat.explanation(delta));
    usage = event.object("usage").map(usage::updated).orElse(usage);
    stopReason = reason.or(() -> stopReason);
    explanation = why.or(() -> explanation);
    return List.of();
  }

  private List<SseEvent> error(ReplyObject error) {
    SseEvent event =
        StreamErrors.chat(error.text("type").orElse("api_error"), StreamErrors.message(error));
    closed = true;
    failed = true;
    return List.of(event);
  }
}
