package dev.gatehouse.llm.translate;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A whole chat completion as a message.
 *
 * <p>The first choice is the answer; a request for more of them is refused. Reasoning that the
 * upstream shows becomes thinking that is marked as unsigned. A refusal becomes a text that stopped
 * with {@code refusal}.
 */
final class ChatToMessage {

  private ChatToMessage() {}

  static Map<String, @Nullable Object> translate(ReplyObject completion) {
    List<ReplyObject> choices = completion.objects("choices");
    if (choices.isEmpty()) {
      throw completion.unreadable("choices", "must hold an answer");
    }
    ReplyObject choice = choices.getFirst();
    ReplyObject answer = choice.requiredObject("message");
    List<Map<String, @Nullable Object>> content = new ArrayList<>();
    String reasoning = reasoning(answer);
    if (!reasoning.isEmpty()) {
      content.add(Messages.thinking(reasoning, UnsignedThinking.SIGNATURE));
    }
    answer.text("content").filter(t -> !t.isEmpty()).map(Messages::text).ifPresent(content::add);
    Optional<String> refusal = answer.text("refusal").filter(t -> !t.isEmpty());
    refusal.map(Messages::text).ifPresent(content::add);
    List<ReplyObject> calls = answer.objects("tool_calls");
    for (ReplyObject call : calls) {
      content.add(toolUse(call));
    }
    String stopReason =
        Endings.toMessages(
            choice.requiredText("finish_reason"), !calls.isEmpty(), refusal.isPresent());
    Usage usage = completion.object("usage").map(Usage::ofChat).orElse(Usage.NONE);
    Map<String, @Nullable Object> message =
        Messages.message(
            completion.requiredText("id"),
            completion.requiredText("model"),
            content,
            stopReason,
            usage);
    refusal.ifPresent(text -> message.put("stop_details", Messages.refusal(text)));
    return message;
  }

  /**
   * What servers that show their model's reasoning call {@code reasoning_content} or {@code
   * reasoning}.
   */
  static String reasoning(ReplyObject messageOrDelta) {
    Object reasoning =
        messageOrDelta
            .value("reasoning_content")
            .or(() -> messageOrDelta.value("reasoning"))
            .orElse("");
    return reasoning instanceof String text ? text : "";
  }

  private static Map<String, @Nullable Object> toolUse(ReplyObject call) {
    ReplyObject function = call.requiredObject("function");
    String arguments = function.textOrEmpty("arguments");
    Object input;
    try {
      input = arguments.isBlank() ? Map.of() : Json.parse(arguments);
    } catch (IllegalArgumentException e) {
      throw new UnreadableReplyException("a tool call's arguments are not readable as JSON", e);
    }
    if (!(input instanceof Map<?, ?>)) {
      throw function.unreadable("arguments", "must hold a JSON object");
    }
    return Messages.toolUse(call.requiredText("id"), function.requiredText("name"), input);
  }
}
