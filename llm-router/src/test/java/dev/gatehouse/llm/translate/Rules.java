package dev.gatehouse.llm.translate;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What each protocol demands of a request, after the vendors' SDK types and documentation. */
final class Rules {

  private Rules() {}

  /** Checks a messages request. */
  static void messages(Map<String, Object> request) {
    assertThat(request).containsKeys("model", "max_tokens", "messages");
    long maxTokens = ((Number) Table.parse(Json.text(value(request, "max_tokens")))).longValue();
    assertThat(maxTokens).isPositive();
    String before = "assistant";
    Set<Object> open = Set.of();
    for (Object each : Table.list(request.get("messages"))) {
      Map<String, Object> message = Table.object(each);
      String role = (String) value(message, "role");
      assertThat(role).isIn("user", "assistant").isNotEqualTo(before);
      before = role;
      List<Object> blocks = Table.list(message.get("content"));
      assertThat(blocks).isNotEmpty();
      blocks.forEach(block -> block(Table.object(block), role));
      assertThat(ids(blocks, "tool_result", "tool_use_id")).isEqualTo(open);
      assertThat(blocks.subList(0, open.size()))
          .allMatch(block -> "tool_result".equals(Table.object(block).get("type")));
      open = ids(blocks, "tool_use", "id");
    }
    assertThat(before).isEqualTo("user");
    if (request.containsKey("tools")) {
      for (Object tool : Table.list(request.get("tools"))) {
        assertThat(Table.object(tool)).containsKeys("name", "input_schema");
        assertThat(Table.object(Table.object(tool).get("input_schema")))
            .containsEntry("type", "object");
      }
    }
    thinking(request, maxTokens);
  }

  private static void thinking(Map<String, Object> request, long maxTokens) {
    if (!request.containsKey("thinking")) {
      return;
    }
    Map<String, Object> thinking = Table.object(request.get("thinking"));
    if ("enabled".equals(thinking.get("type"))) {
      assertThat(((Number) value(thinking, "budget_tokens")).longValue())
          .isBetween(1024L, maxTokens - 1);
    }
    if (request.containsKey("tool_choice") && !"disabled".equals(thinking.get("type"))) {
      assertThat(Table.object(request.get("tool_choice")).get("type")).isIn("auto", "none");
    }
  }

  private static void block(Map<String, Object> block, String role) {
    switch ((String) value(block, "type")) {
      case "text" -> assertThat((String) value(block, "text")).isNotBlank();
      case "image", "document" -> {
        assertThat(role).isEqualTo("user");
        assertThat(Table.object(block.get("source"))).containsKey("type");
      }
      case "tool_use" -> {
        assertThat(role).isEqualTo("assistant");
        assertThat((String) value(block, "id")).matches("[a-zA-Z0-9_-]+");
        assertThat(block).containsKey("name");
        assertThat(block.get("input")).isInstanceOf(Map.class);
      }
      case "tool_result" -> {
        assertThat(role).isEqualTo("user");
        if (block.containsKey("content")) {
          Table.list(block.get("content")).forEach(inner -> block(Table.object(inner), role));
        }
      }
      default -> throw new AssertionError("not a block for a request: " + block);
    }
  }

  /** Checks a chat completion request. */
  static void chat(Map<String, Object> request) {
    assertThat(request).containsKeys("model", "messages");
    List<Object> open = new ArrayList<>();
    boolean said = false;
    for (Object each : Table.list(request.get("messages"))) {
      Map<String, Object> message = Table.object(each);
      String role = (String) value(message, "role");
      if (!role.equals("tool")) {
        assertThat(open).as("tool calls without a result").isEmpty();
      }
      switch (role) {
        case "system" -> content(message);
        case "user" -> {
          content(message);
          said = true;
        }
        case "tool" -> {
          assertThat(open.remove(value(message, "tool_call_id"))).isTrue();
          assertThat(message.get("content")).isNotNull();
        }
        case "assistant" -> {
          said = true;
          if (message.containsKey("tool_calls")) {
            open.addAll(calls(message));
          } else {
            content(message);
          }
        }
        default -> throw new AssertionError("not a role: " + role);
      }
    }
    assertThat(said).isTrue();
    if (request.containsKey("tools")) {
      assertThat(Table.list(request.get("tools"))).isNotEmpty();
    }
  }

  private static void content(Map<String, Object> message) {
    if (message.get("content") instanceof String text) {
      assertThat(text).isNotBlank();
      return;
    }
    List<Object> parts = Table.list(message.get("content"));
    assertThat(parts).isNotEmpty();
    for (Object part : parts) {
      Map<String, Object> fields = Table.object(part);
      assertThat((String) value(fields, "type")).isIn("text", "image_url", "file");
      assertThat(fields).containsKey((String) value(fields, "type"));
    }
  }

  private static List<Object> calls(Map<String, Object> message) {
    List<Object> ids = new ArrayList<>();
    for (Object call : Table.list(message.get("tool_calls"))) {
      Map<String, Object> fields = Table.object(call);
      assertThat(fields).containsEntry("type", "function");
      Map<String, Object> function = Table.object(fields.get("function"));
      assertThat(function).containsKey("name");
      assertThat(Table.parse((String) value(function, "arguments"))).isInstanceOf(Map.class);
      ids.add(value(fields, "id"));
    }
    assertThat(ids).isNotEmpty();
    return ids;
  }

  private static Set<Object> ids(List<Object> blocks, String type, String name) {
    Set<Object> ids = new java.util.LinkedHashSet<>();
    for (Object block : blocks) {
      if (type.equals(Table.object(block).get("type"))) {
        ids.add(value(Table.object(block), name));
      }
    }
    return ids;
  }

  private static Object value(Map<String, Object> object, String name) {
    return java.util.Objects.requireNonNull(object.get(name), name);
  }
}
