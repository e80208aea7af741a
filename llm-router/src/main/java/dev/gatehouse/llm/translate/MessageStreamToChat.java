package dev.gatehouse.llm.translate;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

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

  /**
   * Most thinking that is held for its signatures, in characters of one answer; beyond it thinking
   * is streamed only, and no block of it can come back.
   */
  static final int THINKING_CHARS_MAX = 4 * 1024 * 1024;

  /** Most content blocks that may be open at once; honest upstreams open one. */
  static final int OPEN_BLOCKS_MAX = 64;

  private final ChatChunks chunks;
  private final boolean withUsage;
  private final Map<Integer, Block> blocks = new HashMap<>();
  private Usage usage = Usage.NONE;
  private Optional<String> stopReason = Optional.empty();
  private Optional<String> explanation = Optional.empty();
  private final List<Map<String, @Nullable Object>> thinkingBlocks = new ArrayList<>();
  private long thinkingChars;
  private int calls;
  private boolean open;
  private boolean closed;

  /** A content block of the upstream's message while it streams. */
  private sealed interface Block {}

  private record Text() implements Block {}

  /** A block that the chat protocol has no place for. */
  private record Unseen() implements Block {}

  private record Redacted(String data) implements Block {}

  private record Thinking(StringBuilder text, StringBuilder signature) implements Block {}

  private static final class Call implements Block {
    private final int index;
    private final String startInput;
    private boolean streamed;

    Call(int index, String startInput) {
      this.index = index;
      this.startInput = startInput;
    }
  }

  MessageStreamToChat(long createdSecond, boolean withUsage) {
    this.chunks = new ChatChunks(createdSecond);
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
      throw new UnreadableReplyException("event " + type + " came before message_start");
    }
    return switch (type) {
      case "message_start" -> start(event.requiredObject("message"));
      case "content_block_start" -> blockStart(event);
      case "content_block_delta" -> blockDelta(event);
      case "content_block_stop" -> blockStop(event);
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
      return List.of(StreamErrors.chat("api_error", StreamErrors.TRUNCATED));
    }
    List<SseEvent> events = new ArrayList<>();
    if (!thinkingBlocks.isEmpty() && thinkingChars <= THINKING_CHARS_MAX) {
      events.add(thinkingChunk());
    }
    explanation.ifPresent(text -> events.add(chunks.delta(Json.object("refusal", text))));
    events.add(chunks.finish(Endings.toChat(stopReason.get())));
    if (withUsage) {
      events.add(chunks.usage(usage));
    }
    events.add(ChatChunks.DONE);
    return events;
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

  private List<SseEvent> blockStart(ReplyObject event) {
    int index = index(event);
    ReplyObject block = event.requiredObject("content_block");
    if (blocks.size() == OPEN_BLOCKS_MAX) {
      throw new UnreadableReplyException("more than " + OPEN_BLOCKS_MAX + " blocks open at once");
    }
    switch (block.requiredText("type")) {
      case "text" -> {
        String text = block.textOrEmpty("text");
        blocks.put(index, new Text());
        return text.isEmpty() ? List.of() : List.of(content(text));
      }
      case "tool_use" -> {
        return List.of(callStart(index, block));
      }
      case "thinking" -> {
        String text = block.textOrEmpty("thinking");
        String signature = block.textOrEmpty("signature");
        Thinking thinking = new Thinking(new StringBuilder(), new StringBuilder(signature));
        blocks.put(index, thinking);
        return thinking(thinking, text);
      }
      case "redacted_thinking" -> {
        Redacted redacted = new Redacted(block.textOrEmpty("data"));
        thinkingChars += redacted.data().length();
        blocks.put(index, redacted);
      }
      default -> blocks.put(index, new Unseen());
    }
    return List.of();
  }

  private SseEvent callStart(int index, ReplyObject block) {
    String id = block.requiredText("id");
    String name = block.requiredText("name");
    // Anthropic starts with {} and streams the input; some compatible servers start with all of it.
    String input = Json.text(block.value("input").orElse(Map.of()));
    Call call = new Call(calls++, input);
    blocks.put(index, call);
    return chunks.toolCall(
        Json.object(
            "index",
            call.index,
            "id",
            id,
            "type",
            "function",
            "function",
            Json.object("name", name, "arguments", "")));
  }

  private List<SseEvent> blockDelta(ReplyObject event) {
    Block block = blocks.get(index(event));
    if (block == null) {
      throw new UnreadableReplyException("content_block_delta for a block that is not open");
    }
    ReplyObject delta = event.requiredObject("delta");
    String type = delta.requiredText("type");
    return switch (block) {
      case Text _ when type.equals("text_delta") -> List.of(content(delta.requiredText("text")));
      case Call call when type.equals("input_json_delta") ->
          arguments(call, delta.requiredText("partial_json"));
      case Thinking thinking when type.equals("thinking_delta") ->
          thinking(thinking, delta.requiredText("thinking"));
      case Thinking thinking when type.equals("signature_delta") -> {
        thinking.signature().append(delta.requiredText("signature"));
        yield List.of();
      }
      // Citations, and deltas of blocks that are left out.
      case Text _, Call _, Thinking _, Redacted _, Unseen _ -> List.of();
    };
  }

  private List<SseEvent> arguments(Call call, String part) {
    if (part.isEmpty()) {
      return List.of();
    }
    call.streamed = true;
    return List.of(argumentsChunk(call, part));
  }

  private List<SseEvent> thinking(Thinking thinking, String part) {
    if (part.isEmpty()) {
      return List.of();
    }
    thinkingChars += part.length();
    if (thinkingChars <= THINKING_CHARS_MAX) {
      thinking.text().append(part);
    }
    return List.of(reasoning(part));
  }

  private List<SseEvent> blockStop(ReplyObject event) {
    Block block = blocks.remove(index(event));
    return switch (block) {
      case Call call when !call.streamed -> List.of(argumentsChunk(call, call.startInput));
      case Thinking(var text, var signature) -> {
        thinkingBlocks.add(MessageToChat.thinking(text.toString(), signature.toString()));
        yield List.of();
      }
      case Redacted(var data) -> {
        thinkingBlocks.add(MessageToChat.redacted(data));
        yield List.of();
      }
      case Call _, Text _, Unseen _ -> List.of();
      case null -> throw new UnreadableReplyException("content_block_stop for a block not open");
    };
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
    return List.of(event);
  }

  private static int index(ReplyObject event) {
    OptionalInt index =
        event.number("index").map(n -> OptionalInt.of(n.intValue())).orElse(OptionalInt.empty());
    return index.orElseThrow(() -> event.unreadable("index", "is missing"));
  }

  private SseEvent content(String text) {
    return chunks.delta(Json.object("content", text));
  }

  private SseEvent reasoning(String text) {
    return chunks.delta(Json.object("reasoning_content", text));
  }

  /** All blocks of thinking; the index is what SDKs that put lists together from deltas go by. */
  private SseEvent thinkingChunk() {
    for (int i = 0; i < thinkingBlocks.size(); i++) {
      thinkingBlocks.get(i).put("index", i);
    }
    return chunks.delta(Json.object("thinking_blocks", thinkingBlocks));
  }

  private SseEvent argumentsChunk(Call call, String part) {
    return chunks.toolCall(
        Json.object("index", call.index, "function", Json.object("arguments", part)));
  }
}
