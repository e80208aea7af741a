package dev.gatehouse.llm.translate;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * One chunk of a streamed chat completion, read to its end.
 *
 * @param id the completion's id, empty when the server sends none
 * @param model the model that answers, empty when the server sends none
 * @param reasoning the next piece of reasoning, or empty
 * @param content the next piece of text, or empty
 * @param refusal the next piece of a refusal, or empty
 * @param calls pieces of tool calls
 * @param finishReason how the answer ended, in the last chunk that has a choice
 * @param usage the tokens so far or in all, where the server tells
 */
record ChatChunk(
    String id,
    String model,
    String reasoning,
    String content,
    String refusal,
    List<CallPiece> calls,
    Optional<String> finishReason,
    Optional<Usage> usage) {

  /**
   * A piece of a tool call.
   *
   * @param index which call of the answer it belongs to
   * @param id the call's id, in its first piece
   * @param name the function's name, in its first piece
   * @param arguments the next piece of the arguments' JSON text, or empty
   */
  record CallPiece(int index, String id, String name, String arguments) {}

  static ChatChunk read(ReplyObject chunk) {
    Optional<ReplyObject> choice = chunk.objects("choices").stream().findFirst();
    Optional<ReplyObject> delta = choice.flatMap(c -> c.object("delta"));
    if (choice.isPresent() && choice.get().count("index") != 0) {
      throw choice.get().unreadable("index", "must be 0, as one answer was asked for");
    }
    return new ChatChunk(
        chunk.textOrEmpty("id"),
        chunk.textOrEmpty("model"),
        delta.map(ChatToMessage::reasoning).orElse(""),
        delta.map(d -> d.textOrEmpty("content")).orElse(""),
        delta.map(d -> d.textOrEmpty("refusal")).orElse(""),
        delta.map(ChatChunk::calls).orElse(List.of()),
        choice.flatMap(c -> c.text("finish_reason")).filter(reason -> !reason.isEmpty()),
        chunk.object("usage").map(Usage::ofChat));
  }

  private static List<CallPiece> calls(ReplyObject delta) {
    List<CallPiece> calls = new ArrayList<>();
    for (ReplyObject call : delta.objects("tool_calls")) {
      Optional<ReplyObject> function = call.object("function");
      calls.add(
          new CallPiece(
              (int) call.count("index"),
              call.textOrEmpty("id"),
              function.map(f -> f.textOrEmpty("name")).orElse(""),
              function.map(f -> f.textOrEmpty("arguments")).orElse("")));
    }
    return calls;
  }
}
