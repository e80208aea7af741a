package dev.gatehouse.llm.translate;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Upstream streams made of whole answers, and whole answers put together from client streams. */
final class Streams {

  private Streams() {}

  /** The events of a message with these blocks, in random pieces. */
  static List<SseEvent> ofMessage(List<Object> blocks, String stopReason, RandomTalk talk) {
    List<SseEvent> events = new ArrayList<>();
    events.add(
        ContentBlocks.event("message_start", "message", Json.object("id", "i", "model", "m")));
    for (int i = 0; i < blocks.size(); i++) {
      blockEvents(Table.object(blocks.get(i)), i, talk, events);
    }
    events.add(
        ContentBlocks.event("message_delta", "delta", Json.object("stop_reason", stopReason)));
    events.add(ContentBlocks.event("message_stop"));
    return events;
  }

  private static void blockEvents(
      Map<String, Object> block, int index, RandomTalk talk, List<SseEvent> events) {
    String type = String.valueOf(block.get("type"));
    Map<String, @Nullable Object> start =
        type.equals("tool_use")
            ? Json.object(
                "type", type, "id", block.get("id"), "name", block.get("name"), "input", Map.of())
            : Json.object("type", type);
    events.add(ContentBlocks.event("content_block_start", "index", index, "content_block", start));
    String name = type.equals("tool_use") ? "partial_json" : type;
    String deltaType = type.equals("tool_use") ? "input_json_delta" : type + "_delta";
    String all =
        type.equals("tool_use")
            ? Json.text(Objects.requireNonNull(block.get("input")))
            : String.valueOf(block.get(type));
    List<Map<String, @Nullable Object>> deltas = new ArrayList<>();
    talk.pieces(all).forEach(piece -> deltas.add(Json.object("type", deltaType, name, piece)));
    if (type.equals("thinking")) {
      deltas.add(Json.object("type", "signature_delta", "signature", block.get("signature")));
    }
    for (Map<String, @Nullable Object> delta : deltas) {
      events.add(ContentBlocks.event("content_block_delta", "index", index, "delta", delta));
      if (talk.below(4) == 0) {
        events.add(ContentBlocks.event("ping"));
      }
    }
    events.add(ContentBlocks.event("content_block_stop", "index", index));
  }

  /** The choice that a chat client puts together. */
  static Map<String, Object> collectChunks(StreamTranslator stream, List<SseEvent> upstream) {
    Map<String, @Nullable Object> message = Json.object("role", "assistant");
    Map<Integer, Map<String, @Nullable Object>> calls = new TreeMap<>();
    Object finish = "none";
    String last = "";
    for (SseEvent event : run(stream, upstream)) {
      last = event.data();
      if (last.equals("[DONE]")) {
        continue;
      }
      List<Object> choices = Table.list(Table.object(Table.parse(last)).get("choices"));
      if (choices.isEmpty()) {
        continue;
      }
      Map<String, Object> choice = Table.object(choices.getFirst());
      Map<String, Object> delta = Table.object(choice.get("delta"));
      for (String name : List.of("content", "reasoning_content")) {
        if (delta.get(name) instanceof String piece && (!piece.isEmpty() || name.length() > 7)) {
          message.merge(name, piece, (a, b) -> "" + a + b);
        }
      }
      if (delta.containsKey("thinking_blocks")) {
        message.put("thinking_blocks", withoutIndex(delta));
        message.putIfAbsent("reasoning_content", "");
      }
      if (delta.containsKey("tool_calls")) {
        Table.list(delta.get("tool_calls")).forEach(call -> addCall(calls, Table.object(call)));
      }
      finish = Objects.requireNonNullElse(choice.get("finish_reason"), finish);
    }
    assertThat(last).isEqualTo("[DONE]");
    if (!calls.isEmpty()) {
      message.put("tool_calls", List.copyOf(calls.values()));
    }
    Object whole = Json.object("index", 0, "message", message, "finish_reason", finish);
    return Table.object(Table.normal(whole));
  }

  private static List<Object> withoutIndex(Map<String, Object> delta) {
    List<Object> blocks = Table.list(delta.get("thinking_blocks"));
    blocks.forEach(block -> Table.object(block).remove("index"));
    return blocks;
  }

  private static void addCall(
      Map<Integer, Map<String, @Nullable Object>> calls, Map<String, Object> delta) {
    Map<String, Object> function = Table.object(delta.get("function"));
    Integer index = (Integer) Objects.requireNonNull(delta.get("index"));
    Map<String, @Nullable Object> known = calls.get(index);
    if (known == null) {
      Map<String, @Nullable Object> started =
          Json.object("name", function.get("name"), "arguments", "");
      known = Json.object("id", delta.get("id"), "type", delta.get("type"), "function", started);
      calls.put(index, known);
    }
    Table.object(known.get("function"))
        .merge("arguments", function.getOrDefault("arguments", ""), (a, b) -> "" + a + b);
  }

  /** A random answer of a chat model. */
  static Map<String, @Nullable Object> chatAnswer(RandomTalk talk) {
    Map<String, @Nullable Object> answer = Json.object("role", "assistant");
    if (talk.below(2) == 0) {
      answer.put("reasoning_content", talk.text());
    }
    answer.put("content", talk.text());
    List<Object> calls = new ArrayList<>();
    int count = talk.below(4);
    for (int i = 0; i < count; i++) {
      Object function =
          Json.object("name", "f", "arguments", talk.below(4) == 0 ? "" : talk.arguments());
      calls.add(Json.object("id", "call_" + i, "type", "function", "function", function));
    }
    if (count > 0) {
      answer.put("tool_calls", calls);
    }
    return answer;
  }

  /** The chunks of that answer; the pieces of its tool calls are mixed. */
  static List<SseEvent> ofChat(Map<String, @Nullable Object> answer, RandomTalk talk) {
    List<SseEvent> events = new ArrayList<>();
    events.add(chunk(Json.object("role", "assistant", "content", ""), null));
    for (String name : List.of("reasoning_content", "content")) {
      if (answer.get(name) instanceof String text) {
        talk.pieces(text).forEach(piece -> events.add(chunk(Json.object(name, piece), null)));
      }
    }
    if (answer.containsKey("tool_calls")) {
      callPieces(Table.list(answer.get("tool_calls")), talk)
          .forEach(piece -> events.add(chunk(Json.object("tool_calls", List.of(piece)), null)));
    }
    events.add(chunk(Json.object(), "stop"));
    events.add(SseEvent.unnamed("[DONE]"));
    return events;
  }

  private static List<Object> callPieces(List<Object> calls, RandomTalk talk) {
    List<Object> pieces = new ArrayList<>();
    List<List<Object>> waiting = new ArrayList<>();
    for (int i = 0; i < calls.size(); i++) {
      Map<String, Object> call = Table.object(calls.get(i));
      Map<String, Object> function = Table.object(call.get("function"));
      Object named = Json.object("name", function.get("name"), "arguments", "");
      pieces.add(
          Json.object("index", i, "id", call.get("id"), "type", "function", "function", named));
      List<Object> own = new ArrayList<>();
      for (String part : talk.pieces(String.valueOf(function.get("arguments")))) {
        own.add(Json.object("index", i, "function", Json.object("arguments", part)));
      }
      waiting.add(own);
    }
    waiting.removeIf(List::isEmpty);
    while (!waiting.isEmpty()) {
      int next = talk.below(waiting.size());
      pieces.add(waiting.get(next).removeFirst());
      waiting.removeIf(List::isEmpty);
    }
    return pieces;
  }

  private static SseEvent chunk(Object delta, @Nullable String finishReason) {
    Object choice = Json.object("index", 0, "delta", delta, "finish_reason", finishReason);
    return SseEvent.unnamed(
        Json.text(Json.object("id", "i", "model", "m", "choices", List.of(choice))));
  }

  /** The message that a messages client puts together; one block is open at a time. */
  static Map<String, Object> collectMessage(StreamTranslator stream, List<SseEvent> upstream) {
    List<SseEvent> events = run(stream, upstream);
    assertThat(events.getFirst().name()).isEqualTo("message_start");
    assertThat(events.getLast().name()).isEqualTo("message_stop");
    Map<String, Object> message =
        Table.object(Table.object(Table.parse(events.getFirst().data())).get("message"));
    List<Object> content = Table.list(message.get("content"));
    StringBuilder input = new StringBuilder();
    boolean open = false;
    for (SseEvent event : events) {
      Map<String, Object> data = Table.object(Table.parse(event.data()));
      switch (event.name()) {
        case "content_block_start" -> {
          assertThat(open).isFalse();
          open = true;
          assertThat(data).containsEntry("index", content.size());
          content.add(Table.object(data.get("content_block")));
          input.setLength(0);
        }
        case "content_block_delta" -> {
          assertThat(open).isTrue();
          assertThat(data).containsEntry("index", content.size() - 1);
          addDelta(Table.object(content.getLast()), Table.object(data.get("delta")), input);
        }
        case "content_block_stop" -> {
          assertThat(open).isTrue();
          open = false;
          if (!input.isEmpty()) {
            Table.object(content.getLast()).put("input", Table.parse(input.toString()));
          }
        }
        case "message_delta" -> {
          Table.object(data.get("delta")).forEach(message::put);
          Table.object(message.get("usage")).putAll(Table.object(data.get("usage")));
        }
        default -> assertThat(event.name()).isIn("message_start", "message_stop");
      }
    }
    return message;
  }

  private static void addDelta(
      Map<String, Object> block, Map<String, Object> delta, StringBuilder input) {
    switch (String.valueOf(delta.get("type"))) {
      case "text_delta" ->
          block.merge("text", String.valueOf(delta.get("text")), (a, b) -> "" + a + b);
      case "thinking_delta" ->
          block.merge("thinking", String.valueOf(delta.get("thinking")), (a, b) -> "" + a + b);
      case "signature_delta" -> block.put("signature", String.valueOf(delta.get("signature")));
      case "input_json_delta" -> input.append(delta.get("partial_json"));
      default -> throw new AssertionError("not a delta: " + delta);
    }
  }

  /** The object without fields that are null, and so for its message. */
  static Map<String, Object> withoutNulls(Map<String, Object> choice) {
    choice.values().removeIf(Objects::isNull);
    Table.object(choice.get("message")).values().removeIf(Objects::isNull);
    return choice;
  }

  private static List<SseEvent> run(StreamTranslator stream, List<SseEvent> upstream) {
    List<SseEvent> events = new ArrayList<>();
    upstream.forEach(event -> events.addAll(stream.event(event)));
    events.addAll(stream.end());
    return events;
  }
}
