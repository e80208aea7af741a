package dev.gatehouse.llm.translate;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The content blocks of a streamed message, written one after the other.
 *
 * <p>Clients take the last block for the one that streams, so a block is stopped before the next
 * one starts. Chat servers may mix the pieces of parallel tool calls; a call that comes while
 * another one is open waits, with what it has, until the open one's arguments are complete JSON or
 * the answer ends.
 */
final class ContentBlocks {

  /** Most argument text of waiting calls that is held, in characters. */
  static final int WAITING_CHARS_MAX = 4 * 1024 * 1024;

  /** Most tool calls of one answer. */
  static final int CALLS_MAX = 1_024;

  private final Map<Integer, Call> callByIndex = new HashMap<>();
  private final Deque<Call> waiting = new ArrayDeque<>();
  private Optional<Call> openCall = Optional.empty();
  private String openType = "";
  private int index = -1;
  private int waitingChars;
  private int calls;

  /** A tool call of the answer. */
  private static final class Call {
    private final String id;
    private final String name;
    private final StringBuilder held = new StringBuilder();
    private final JsonProgress progress = new JsonProgress();
    private boolean stopped;

    Call(String id, String name) {
      this.id = id;
      this.name = name;
    }
  }

  /** An event of the messages protocol: its type is its name. */
  static SseEvent event(String type, @Nullable Object... namesAndValues) {
    Map<String, @Nullable Object> data = Json.object("type", type);
    data.putAll(Json.object(namesAndValues));
    return new SseEvent(type, Json.data(data));
  }

  boolean haveCalls() {
    return !callByIndex.isEmpty();
  }

  void text(String piece, List<SseEvent> out) {
    if (!piece.isEmpty()) {
      openPlain("text", Messages.text(""), out);
      delta(Json.object("type", "text_delta", "text", piece), out);
    }
  }

  void thinking(String piece, List<SseEvent> out) {
    if (!piece.isEmpty()) {
      openPlain("thinking", Messages.thinking("", ""), out);
      delta(Json.object("type", "thinking_delta", "thinking", piece), out);
    }
  }

  /**
   * Takes a piece of a tool call.
   *
   * @throws UnreadableReplyException when it belongs to a call that is over, begins one without a
   *     name, or is too much to hold
   */
  void call(ChatChunk.CallPiece piece, List<SseEvent> out) {
    Call call = callOf(piece, out);
    if (openCall.filter(open -> open == call).isPresent()) {
      arguments(call, piece.arguments(), out);
    } else if (!call.stopped) {
      hold(call, piece.arguments());
    } else if (!piece.arguments().isBlank()) {
      throw new UnreadableReplyException("a tool call went on after it was over");
    }
    openNextWhenComplete(out);
  }

  /** Stops what is open and writes what waits. */
  void close(List<SseEvent> out) {
    stop(out);
    while (!waiting.isEmpty()) {
      openNext(out);
      stop(out);
    }
  }

  /** The call that the piece belongs to; a known index with another id is another call. */
  private Call callOf(ChatChunk.CallPiece piece, List<SseEvent> out) {
    Call known = callByIndex.get(piece.index());
    if (known != null && (piece.id().isEmpty() || piece.id().equals(known.id))) {
      return known;
    }
    if (piece.name().isEmpty()) {
      throw new UnreadableReplyException("a tool call began without a name");
    }
    if (calls == CALLS_MAX) {
      throw new UnreadableReplyException("more than " + CALLS_MAX + " tool calls in one answer");
    }
    calls++;
    String id = piece.id().isEmpty() ? "call_" + piece.index() : piece.id();
    Call call = new Call(id, piece.name());
    callByIndex.put(piece.index(), call);
    waiting.add(call);
    if (openCall.isEmpty()) {
      openNext(out);
    }
    return call;
  }

  private void hold(Call call, String arguments) {
    if (waitingChars + arguments.length() > WAITING_CHARS_MAX) {
      throw new UnreadableReplyException(
          "arguments of parallel tool calls longer than " + WAITING_CHARS_MAX + " characters");
    }
    waitingChars += arguments.length();
    call.held.append(arguments);
  }

  private void openNextWhenComplete(List<SseEvent> out) {
    while (!waiting.isEmpty() && openCall.map(open -> open.progress.complete()).orElse(true)) {
      openNext(out);
    }
  }

  private void openNext(List<SseEvent> out) {
    Call call = waiting.remove();
    stop(out);
    open("tool_use", Messages.toolUse(call.id, call.name, Map.of()), out);
    openCall = Optional.of(call);
    waitingChars -= call.held.length();
    arguments(call, call.held.toString(), out);
    call.held.setLength(0);
  }

  private void arguments(Call call, String piece, List<SseEvent> out) {
    if (!piece.isEmpty()) {
      call.progress.read(piece);
      delta(Json.object("type", "input_json_delta", "partial_json", piece), out);
    }
  }

  private void openPlain(String type, Map<String, @Nullable Object> block, List<SseEvent> out) {
    if (!openType.equals(type)) {
      close(out);
      open(type, block, out);
    }
  }

  private void open(String type, Map<String, @Nullable Object> block, List<SseEvent> out) {
    index++;
    openType = type;
    out.add(event("content_block_start", "index", index, "content_block", block));
  }

  private void stop(List<SseEvent> out) {
    if (openType.isEmpty()) {
      return;
    }
    if (openType.equals("thinking")) {
      delta(Json.object("type", "signature_delta", "signature", UnsignedThinking.SIGNATURE), out);
    }
    out.add(event("content_block_stop", "index", index));
    openCall.ifPresent(call -> call.stopped = true);
    openCall = Optional.empty();
    openType = "";
  }

  private void delta(Map<String, @Nullable Object> delta, List<SseEvent> out) {
    out.add(event("content_block_delta", "index", index, "delta", delta));
  }
}
