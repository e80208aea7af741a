package dev.gatehouse.llm.translate;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The output items of a streamed response. Text and reasoning are closed before something else
 * begins; calls may stream side by side, as each event names its item.
 */
final class OutputItems {

  /** Most tool calls of one answer. */
  static final int CALLS_MAX = 1_024;

  private final ResponseEvents events;
  private final List<@Nullable Map<String, @Nullable Object>> output = new ArrayList<>();
  private final Map<Integer, Call> calls = new HashMap<>();
  private final List<Object> logprobs = new ArrayList<>();
  private final StringBuilder text = new StringBuilder();
  private String id = "";
  private Open open = Open.NOTHING;
  private int openAt;

  private enum Open {
    NOTHING,
    REASONING,
    TEXT,
    REFUSAL
  }

  private record Call(int at, String id, String name, StringBuilder arguments) {}

  OutputItems(ResponseEvents events) {
    this.events = events;
  }

  /** Sets what the items' ids are made of. */
  void name(String upstreamId) {
    id = upstreamId;
  }

  /** The items as far as they are complete, in their order. */
  List<?> output() {
    return output;
  }

  void reasoning(String piece, List<SseEvent> out) {
    if (!piece.isEmpty()) {
      begin(Open.REASONING, out);
      text.append(piece);
      out.add(part("response.reasoning_text.delta", "delta", piece));
    }
  }

  void text(String piece, List<?> probabilities, List<SseEvent> out) {
    if (!piece.isEmpty()) {
      begin(Open.TEXT, out);
      text.append(piece);
      logprobs.addAll(probabilities);
      out.add(
          part(
              "response.output_text.delta",
              "delta",
              piece,
              "logprobs",
              List.copyOf(probabilities)));
    }
  }

  void refusal(String piece, List<SseEvent> out) {
    if (!piece.isEmpty()) {
      begin(Open.REFUSAL, out);
      text.append(piece);
      out.add(part("response.refusal.delta", "delta", piece));
    }
  }

  /**
   * Takes a piece of a tool call.
   *
   * @throws UnreadableReplyException when it begins one without a name
   */
  void call(ChatChunk.CallPiece piece, List<SseEvent> out) {
    Call call = calls.get(piece.index());
    if (call == null || !(piece.id().isEmpty() || piece.id().equals(call.id))) {
      call = begin(piece, out);
    }
    if (!piece.arguments().isEmpty()) {
      call.arguments.append(piece.arguments());
      out.add(
          events.event(
              "response.function_call_arguments.delta",
              "item_id",
              "fc_" + call.id,
              "output_index",
              call.at,
              "delta",
              piece.arguments()));
    }
  }

  private Call begin(ChatChunk.CallPiece piece, List<SseEvent> out) {
    if (piece.name().isEmpty()) {
      throw new UnreadableReplyException("a tool call began without a name");
    }
    if (output.size() >= CALLS_MAX) {
      throw new UnreadableReplyException("more than " + CALLS_MAX + " items in one answer");
    }
    close(List.of(), out);
    Call before = calls.get(piece.index());
    if (before != null) {
      closeCall(before, out);
    }
    String callId = piece.id().isEmpty() ? "call_" + piece.index() : piece.id();
    Call call = new Call(output.size(), callId, piece.name(), new StringBuilder());
    calls.put(piece.index(), call);
    output.add(null);
    added(call.at, Responses.call(callId, call.name, "", "in_progress"), out);
    return call;
  }

  /** Closes everything; the thinking's signatures come last, with the reasoning they belong to. */
  void end(List<?> thinkingBlocks, List<SseEvent> out) {
    close(thinkingBlocks, out);
    for (Call call : calls.values().stream().sorted((a, b) -> a.at - b.at).toList()) {
      closeCall(call, out);
    }
    for (int i = 0; i < output.size() && !thinkingBlocks.isEmpty(); i++) {
      Map<String, @Nullable Object> item = output.get(i);
      if (item != null && "reasoning".equals(item.get("type"))) {
        item.put("encrypted_content", SealedThinking.seal(thinkingBlocks));
        return;
      }
    }
  }

  private void begin(Open what, List<SseEvent> out) {
    if (open == what) {
      return;
    }
    close(List.of(), out);
    open = what;
    openAt = output.size();
    output.add(null);
    Map<String, @Nullable Object> item =
        what == Open.REASONING
            ? Responses.reasoning(itemId(), "", List.of(), "in_progress")
            : Responses.message(itemId(), List.of(), "in_progress");
    added(openAt, item, out);
    out.add(part("response.content_part.added", "part", content(false)));
  }

  private void close(List<?> thinkingBlocks, List<SseEvent> out) {
    if (open == Open.NOTHING) {
      return;
    }
    Map<String, @Nullable Object> part = content(true);
    out.add(
        switch (open) {
          case REASONING -> part("response.reasoning_text.done", "text", text.toString());
          case REFUSAL -> part("response.refusal.done", "refusal", text.toString());
          case TEXT, NOTHING ->
              part(
                  "response.output_text.done",
                  "text",
                  text.toString(),
                  "logprobs",
                  List.copyOf(logprobs));
        });
    out.add(part("response.content_part.done", "part", part));
    Map<String, @Nullable Object> item =
        open == Open.REASONING
            ? Responses.reasoning(itemId(), text.toString(), thinkingBlocks, "completed")
            : Responses.message(itemId(), List.of(part), "completed");
    done(openAt, item, out);
    open = Open.NOTHING;
    text.setLength(0);
    logprobs.clear();
  }

  private Map<String, @Nullable Object> content(boolean whole) {
    String said = whole ? text.toString() : "";
    return switch (open) {
      case REASONING -> Responses.reasoningText(said);
      case REFUSAL -> Responses.refusal(said);
      case TEXT, NOTHING -> Responses.text(said, whole ? List.copyOf(logprobs) : List.of());
    };
  }

  private void closeCall(Call call, List<SseEvent> out) {
    if (output.get(call.at) != null) {
      return;
    }
    String arguments = call.arguments.toString();
    out.add(
        events.event(
            "response.function_call_arguments.done",
            "item_id",
            "fc_" + call.id,
            "output_index",
            call.at,
            "name",
            call.name,
            "arguments",
            arguments));
    done(call.at, Responses.call(call.id, call.name, arguments, "completed"), out);
  }

  /** Several items of an answer need several ids. */
  private String itemId() {
    return openAt == 0 ? id : id + "_" + openAt;
  }

  private SseEvent part(String type, @Nullable Object... members) {
    Map<String, @Nullable Object> all =
        Json.object(
            "item_id",
            (open == Open.REASONING ? SealedThinking.ID_PREFIX : "msg_") + itemId(),
            "output_index",
            openAt,
            "content_index",
            0);
    all.putAll(Json.object(members));
    return events.event(type, all);
  }

  private void added(int at, Map<String, @Nullable Object> item, List<SseEvent> out) {
    out.add(events.event("response.output_item.added", "output_index", at, "item", item));
  }

  private void done(int at, Map<String, @Nullable Object> item, List<SseEvent> out) {
    output.set(at, item);
    out.add(events.event("response.output_item.done", "output_index", at, "item", item));
  }
}
