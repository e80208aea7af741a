package dev.gatehouse.llm.translate;

import dev.gatehouse.llm.wire.Protocol;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What an answer says, in words of no protocol: what must survive every translation. */
final class Said {

  private final StringBuilder text = new StringBuilder();
  private final StringBuilder reasoning = new StringBuilder();
  private final Map<Long, String[]> calls = new TreeMap<>();
  private String ends = "";
  private Map<?, ?> usage = Map.of();

  private Said() {}

  /** A whole reply. */
  static Map<String, Object> of(Protocol protocol, Map<String, Object> reply) {
    Said said = new Said();
    switch (protocol) {
      case CHAT -> {
        Map<String, Object> choice = Table.object(Table.list(reply.get("choices")).getFirst());
        said.chat(Table.object(choice.get("message")), choice.get("finish_reason"));
      }
      case MESSAGES -> {
        long index = 0;
        for (Object block : Table.list(reply.get("content"))) {
          said.block(index++, Table.object(block));
        }
        said.ends(reply.get("stop_reason"));
      }
      case RESPONSES -> said.response(reply);
    }
    said.used(reply.get("usage"));
    return said.all();
  }

  /** The events of a stream. */
  static Map<String, Object> of(Protocol protocol, List<SseEvent> events) {
    Said said = new Said();
    for (SseEvent event : events) {
      if (!event.data().equals("[DONE]")) {
        Map<String, Object> data = Table.object(Table.parse(event.data()));
        switch (protocol) {
          case CHAT -> said.chunk(data);
          case MESSAGES -> said.messageEvent(data);
          case RESPONSES -> said.responseEvent(data);
        }
      }
    }
    return said.all();
  }

  private void chunk(Map<String, Object> data) {
    used(data.get("usage"));
    for (Object choice : Table.list(data.get("choices"))) {
      Map<String, Object> fields = Table.object(choice);
      chat(Table.object(fields.get("delta")), fields.get("finish_reason"));
    }
  }

  private void chat(Map<String, Object> message, @Nullable Object finish) {
    append(text, message.get("content"));
    append(reasoning, message.get("reasoning_content"));
    long position = 0;
    for (Object call : Table.list(message.getOrDefault("tool_calls", List.of()))) {
      Map<String, Object> fields = Table.object(call);
      Map<String, Object> function = Table.object(fields.get("function"));
      long index = ((Number) fields.getOrDefault("index", position++)).longValue();
      piece(index, fields.get("id"), function.get("name"), function.get("arguments"));
    }
    ends(finish);
  }

  private void messageEvent(Map<String, Object> data) {
    long index = ((Number) data.getOrDefault("index", 0)).longValue();
    switch (String.valueOf(data.get("type"))) {
      case "content_block_start" -> {
        Map<String, Object> block = new LinkedHashMap<>(Table.object(data.get("content_block")));
        if (block.remove("input") != null) {
          piece(index, block.get("id"), block.get("name"), "");
        } else {
          block(index, block);
        }
      }
      case "content_block_delta" -> {
        Map<String, Object> delta = Table.object(data.get("delta"));
        append(text, delta.get("text"));
        append(reasoning, delta.get("thinking"));
        if (delta.containsKey("partial_json")) {
          piece(index, null, null, delta.get("partial_json"));
        }
      }
      case "message_delta" -> {
        ends(Table.object(data.get("delta")).get("stop_reason"));
        used(data.get("usage"));
      }
      default -> {}
    }
  }

  private void block(long index, Map<String, Object> block) {
    append(text, block.get("text"));
    append(reasoning, block.get("thinking"));
    if (block.containsKey("input")) {
      piece(index, block.get("id"), block.get("name"), Json.text(block.getOrDefault("input", "")));
    }
  }

  /** The closing event must repeat what the pieces said. */
  private void responseEvent(Map<String, Object> data) {
    switch (String.valueOf(data.get("type"))) {
      case "response.output_text.delta" -> append(text, data.get("delta"));
      case "response.reasoning_text.delta" -> append(reasoning, data.get("delta"));
      case "response.completed", "response.incomplete" -> {
        Said whole = new Said();
        Map<String, Object> response = Table.object(data.get("response"));
        whole.response(response);
        if (!whole.text.toString().equals(text.toString())
            || !whole.reasoning.toString().equals(reasoning.toString())) {
          throw new AssertionError("the closing event says something else than the pieces");
        }
        calls.putAll(whole.calls);
        ends = whole.ends;
        used(response.get("usage"));
      }
      default -> {}
    }
  }

  private void response(Map<String, Object> response) {
    long index = 0;
    for (Object item : Table.list(response.get("output"))) {
      Map<String, Object> fields = Table.object(item);
      if ("function_call".equals(fields.get("type"))) {
        piece(index++, fields.get("call_id"), fields.get("name"), fields.get("arguments"));
      }
      StringBuilder to = "reasoning".equals(fields.get("type")) ? reasoning : text;
      for (Object part : Table.list(fields.getOrDefault("content", List.of()))) {
        append(to, Table.object(part).get("text"));
      }
    }
    Object details = response.get("incomplete_details");
    ends =
        details == null
            ? calls.isEmpty() ? "stop" : "tools"
            : "content_filter".equals(Table.object(details).get("reason")) ? "filter" : "length";
  }

  private void piece(
      long index, @Nullable Object id, @Nullable Object name, @Nullable Object arguments) {
    String[] call = calls.computeIfAbsent(index, _ -> new String[] {"", "", ""});
    call[0] = id == null ? call[0] : id.toString();
    call[1] = name == null ? call[1] : name.toString();
    call[2] += arguments == null ? "" : arguments;
  }

  private void ends(@Nullable Object reason) {
    if (reason != null) {
      ends =
          switch (reason.toString()) {
            case "stop", "end_turn" -> "stop";
            case "tool_calls", "tool_use" -> "tools";
            case "length", "max_tokens" -> "length";
            case "content_filter", "refusal" -> "filter";
            default -> "unknown: " + reason;
          };
    }
  }

  private void used(@Nullable Object tokens) {
    if (tokens != null) {
      usage = Table.object(tokens);
    }
  }

  private static void append(StringBuilder to, @Nullable Object piece) {
    to.append(piece == null ? "" : piece);
  }

  private Map<String, Object> all() {
    List<Object> made = new ArrayList<>();
    for (String[] call : calls.values()) {
      made.add(List.of(call[0], call[1], Table.parse(call[2].isEmpty() ? "{}" : call[2])));
    }
    Map<String, Object> all = new LinkedHashMap<>();
    all.put("text", text.toString());
    all.put("reasoning", reasoning.toString());
    all.put("calls", made);
    all.put("ends", ends);
    all.put("usage", tokens());
    return all;
  }

  private Map<String, Object> tokens() {
    long cached =
        number(usage.get("cache_read_input_tokens"))
            + inside("prompt_tokens_details")
            + inside("input_tokens_details");
    boolean apart = usage.containsKey("cache_read_input_tokens");
    long input = number(usage.get("prompt_tokens")) + number(usage.get("input_tokens"));
    long output = number(usage.get("completion_tokens")) + number(usage.get("output_tokens"));
    return Map.of("input", apart ? input + cached : input, "cached", cached, "output", output);
  }

  private long inside(String name) {
    return usage.get(name) instanceof Map<?, ?> details ? number(details.get("cached_tokens")) : 0;
  }

  private static long number(@Nullable Object value) {
    return value instanceof Number number ? number.longValue() : 0;
  }
}
