package dev.gatehouse.llm.translate;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The content blocks of a streamed message, as they become deltas of chat completion chunks.
 *
 * <p>Blocks that the chat protocol has no place for, and citations, are left out. Each event is
 * read to its end before anything is changed.
 */
final class MessageBlocks {

  /**
   * Most thinking that is held for its signatures, in characters of one answer; beyond it thinking
   * is streamed only, and no block of it can come back.
   */
  static final int THINKING_CHARS_MAX = 4 * 1024 * 1024;

  /** Most content blocks that may be open at once; honest upstreams open one. */
  static final int OPEN_BLOCKS_MAX = 64;

  private final ChatChunks chunks;
  private final Map<Integer, Block> open = new HashMap<>();
  private final List<Map<String, @Nullable Object>> thinkingBlocks = new ArrayList<>();
  private long thinkingChars;
  private int calls;

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

  MessageBlocks(ChatChunks chunks) {
    this.chunks = chunks;
  }

  List<SseEvent> start(ReplyObject event) {
    int index = index(event);
    ReplyObject block = event.requiredObject("content_block");
    if (open.size() == OPEN_BLOCKS_MAX) {
      throw new UnreadableReplyException("more than " + OPEN_BLOCKS_MAX + " blocks open at once");
    }
    switch (block.requiredText("type")) {
      case "text" -> {
        String text = block.textOrEmpty("text");
        open.put(index, new Text());
        return text.isEmpty() ? List.of() : List.of(content(text));
      }
      case "tool_use" -> {
        return List.of(callStart(index, block));
      }
      case "thinking" -> {
        String text = block.textOrEmpty("thinking");
        String signature = block.textOrEmpty("signature");
        Thinking thinking = new Thinking(new StringBuilder(), new StringBuilder(signature));
        open.put(index, thinking);
        return thinking(thinking, text);
      }
      case "redacted_thinking" -> {
        Redacted redacted = new Redacted(block.textOrEmpty("data"));
        thinkingChars += redacted.data().length();
        open.put(index, redacted);
      }
      default -> open.put(index, new Unseen());
    }
    return List.of();
  }

  List<SseEvent> delta(ReplyObject event) {
    Block block = open.get(index(event));
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

  List<SseEvent> stop(ReplyObject event) {
    Block block = open.remove(index(event));
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

  /**
   * All blocks of thinking in one chunk, or nothing when there are none or they are too long; the
   * index is what SDKs that put lists together from deltas go by.
   */
  List<SseEvent> thinking() {
    if (thinkingBlocks.isEmpty() || thinkingChars > THINKING_CHARS_MAX) {
      return List.of();
    }
    for (int i = 0; i < thinkingBlocks.size(); i++) {
      thinkingBlocks.get(i).put("index", i);
    }
    return List.of(chunks.delta(Json.object("thinking_blocks", thinkingBlocks)));
  }

  private SseEvent callStart(int index, ReplyObject block) {
    String id = block.requiredText("id");
    String name = block.requiredText("name");
    // Anthropic starts with {} and streams the input; some compatible servers start with all of it.
    String input = Json.text(block.value("input").orElse(Map.of()));
    Call call = new Call(calls++, input);
    open.put(index, call);
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

  private static int index(ReplyObject event) {
    return event
        .number("index")
        .map(Number::intValue)
        .orElseThrow(() -> event.unreadable("index", "is missing"));
  }

  private SseEvent content(String text) {
    return chunks.delta(Json.object("content", text));
  }

  private SseEvent reasoning(String text) {
    return chunks.delta(Json.object("reasoning_content", text));
  }

  private SseEvent argumentsChunk(Call call, String part) {
    return chunks.toolCall(
        Json.object("index", call.index, "function", Json.object("arguments", part)));
  }
}
