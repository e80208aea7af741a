package dev.gatehouse.llm.translate;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A whole chat completion as a response.
 *
 * <p>The first choice is the answer; a response has one. Its parts come in the order in which a
 * model makes them: reasoning, text, calls.
 */
final class ChatToResponse {

  private ChatToResponse() {}

  static Map<String, @Nullable Object> translate(
      Map<String, Object> request, ReplyObject completion, long nowSecond) {
    List<ReplyObject> choices = completion.objects("choices");
    if (choices.isEmpty()) {
      throw completion.unreadable("choices", "must hold an answer");
    }
    ReplyObject choice = choices.getFirst();
    String id = completion.requiredText("id");
    Usage usage = completion.object("usage").map(Usage::ofChat).orElse(Usage.NONE);
    Responses.Ending ending = Responses.Ending.of(choice.requiredText("finish_reason"));
    return Responses.response(
        request,
        id,
        completion.number("created").map(Number::longValue).orElse(nowSecond),
        completion.requiredText("model"),
        ending,
        output(id, choice),
        usage);
  }

  private static List<Map<String, @Nullable Object>> output(String id, ReplyObject choice) {
    ReplyObject answer = choice.requiredObject("message");
    List<Map<String, @Nullable Object>> output = new ArrayList<>();
    String reasoning = ChatToMessage.reasoning(answer);
    List<?> thinking = thinkingBlocks(answer);
    if (!reasoning.isEmpty() || !thinking.isEmpty()) {
      output.add(Responses.reasoning(id, reasoning, thinking, "completed"));
    }
    List<Map<String, @Nullable Object>> content = new ArrayList<>();
    answer
        .text("content")
        .filter(text -> !text.isEmpty())
        .ifPresent(text -> content.add(Responses.text(text, logprobs(choice))));
    Optional<String> refusal = answer.text("refusal").filter(text -> !text.isEmpty());
    refusal.ifPresent(text -> content.add(Responses.refusal(text)));
    if (!content.isEmpty()) {
      output.add(Responses.message(id, content, "completed"));
    }
    for (ReplyObject call : answer.objects("tool_calls")) {
      ReplyObject function = call.requiredObject("function");
      output.add(
          Responses.call(
              call.requiredText("id"),
              function.requiredText("name"),
              function.textOrEmpty("arguments"),
              "completed"));
    }
    return output;
  }

  static List<?> thinkingBlocks(ReplyObject messageOrDelta) {
    return messageOrDelta.value("thinking_blocks").orElse(List.of()) instanceof List<?> blocks
        ? blocks
        : List.of();
  }

  /** The log probabilities of a choice's text, which both protocols tell in the same way. */
  static List<?> logprobs(ReplyObject choice) {
    return choice.object("logprobs").flatMap(all -> all.value("content")).orElse(List.of())
            instanceof List<?> list
        ? list
        : List.of();
  }
}
