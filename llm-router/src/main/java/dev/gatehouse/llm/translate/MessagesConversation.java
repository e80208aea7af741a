package dev.gatehouse.llm.translate;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The conversation of a messages request as the chat protocol tells it.
 *
 * <p>Tool results come out of their user turn as tool messages in front of it, since tool messages
 * must follow the calls at once. Images and files of a tool result, which a tool message cannot
 * hold, follow in a user message that says where they are from. An error result says so in its
 * text.
 *
 * <p>Refused: a conversation that ends with the assistant (to be continued there, which the chat
 * protocol cannot say), and blocks of tools that Anthropic runs. Left out: thinking of earlier
 * turns, sealed by and for the provider that thought it.
 */
final class MessagesConversation {

  private final MessagesContent content;
  private final List<Map<String, @Nullable Object>> out = new ArrayList<>();

  private MessagesConversation(MessagesContent content) {
    this.content = content;
  }

  /** The {@code messages} of the chat request. */
  static List<Map<String, @Nullable Object>> read(RequestObject request, String upstreamModel)
      throws UntranslatableException {
    MessagesConversation conversation =
        new MessagesConversation(new MessagesContent(CacheMark.keptBy(upstreamModel)));
    conversation.say("system", conversation.content.texts(request, "system"));
    List<RequestObject> messages = request.objects("messages");
    for (RequestObject message : messages) {
      conversation.add(message);
      message.end();
    }
    if (!conversation.saysSomething()) {
      throw request.refusal("messages", "must hold at least one message that says something");
    }
    if ("assistant".equals(conversation.out.getLast().get("role"))) {
      throw messages
          .getLast()
          .refusal("role", "the last message must not be the assistant's for this upstream");
    }
    return conversation.out;
  }

  private boolean saysSomething() {
    return out.stream().anyMatch(message -> !"system".equals(message.get("role")));
  }

  private void add(RequestObject message) throws UntranslatableException {
    switch (message.requiredText("role")) {
      case "system" -> say("system", content.texts(message, "content"));
      case "user" -> user(message);
      case "assistant" -> assistant(message);
      default -> throw message.refusal("role", "is not a role that we know");
    }
  }

  private void say(String role, List<Map<String, @Nullable Object>> parts) {
    if (!parts.isEmpty()) {
      out.add(Json.object("role", role, "content", MessagesContent.shortest(parts)));
    }
  }

  private void user(RequestObject message) throws UntranslatableException {
    List<Map<String, @Nullable Object>> parts = new ArrayList<>();
    List<Map<String, @Nullable Object>> attachments = new ArrayList<>();
    for (RequestObject block : content.blocks(message, "content")) {
      if (block.requiredText("type").equals("tool_result")) {
        toolResult(block, attachments);
      } else {
        content.add(parts, block);
      }
      block.end();
    }
    attachments.addAll(parts);
    say("user", attachments);
  }

  private void toolResult(RequestObject block, List<Map<String, @Nullable Object>> attachments)
      throws UntranslatableException {
    String id = block.requiredText("tool_use_id");
    block.leaveOut("cache_control");
    boolean failed = block.isTrue("is_error");
    List<Map<String, @Nullable Object>> texts = new ArrayList<>();
    List<Map<String, @Nullable Object>> others = new ArrayList<>();
    if (failed) {
      texts.add(MessagesContent.text("Error:"));
    }
    for (RequestObject inner : content.blocks(block, "content")) {
      List<Map<String, @Nullable Object>> parts = new ArrayList<>();
      content.add(parts, inner);
      inner.end();
      parts.forEach(part -> ("text".equals(part.get("type")) ? texts : others).add(part));
    }
    if (!others.isEmpty()) {
      attachments.add(MessagesContent.text("Attached to the result of tool call " + id + ":"));
      attachments.addAll(others);
      if (texts.isEmpty()) {
        texts.add(MessagesContent.text("The result is attached to the next user message."));
      }
    }
    Object said = texts.isEmpty() ? "" : MessagesContent.shortest(texts);
    out.add(Json.object("role", "tool", "tool_call_id", id, "content", said));
  }

  private void assistant(RequestObject message) throws UntranslatableException {
    List<Map<String, @Nullable Object>> parts = new ArrayList<>();
    List<Map<String, @Nullable Object>> calls = new ArrayList<>();
    for (RequestObject block : content.blocks(message, "content")) {
      switch (block.requiredText("type")) {
        case "text" -> content.add(parts, block);
        case "tool_use" -> calls.add(call(block));
        case "thinking" -> block.leaveOut("thinking", "signature");
        case "redacted_thinking" -> block.leaveOut("data");
        default -> throw block.refusal("type", "the upstream's protocol has no such content");
      }
      block.end();
    }
    if (calls.isEmpty()) {
      say("assistant", parts);
      return;
    }
    Object said = parts.isEmpty() ? null : MessagesContent.shortest(parts);
    out.add(Json.object("role", "assistant", "content", said, "tool_calls", calls));
  }

  private static Map<String, @Nullable Object> call(RequestObject block)
      throws UntranslatableException {
    block.leaveOut("cache_control");
    Optional<RequestObject> caller = block.object("caller");
    if (caller.isPresent() && !caller.get().requiredText("type").equals("direct")) {
      throw block.refusal("caller", "the upstream's model calls tools directly only");
    }
    String arguments = Json.text(block.tree("input").orElse(Map.of()));
    return Json.object(
        "id", block.requiredText("id"),
        "type", "function",
        "function", Json.object("name", block.requiredText("name"), "arguments", arguments));
  }
}
