package dev.gatehouse.llm.translate;

/**
 * How an answer ended: {@code finish_reason} of the chat protocol, {@code stop_reason} of the
 * messages protocol.
 *
 * <p>A reason that is new to us becomes "cut off by a limit" in the other protocol: whatever it
 * means, an answer must not look complete when nobody said that it is.
 */
final class Endings {

  private Endings() {}

  /** The finish reason for a stop reason. */
  static String toChat(String stopReason) {
    return switch (stopReason) {
      case "end_turn", "stop_sequence" -> "stop";
      case "tool_use" -> "tool_calls";
      case "refusal" -> "content_filter";
      // pause_turn and compaction stop in the middle of a turn, to be continued by another request.
      case "max_tokens", "model_context_window_exceeded", "pause_turn", "compaction" -> "length";
      default -> "length";
    };
  }

  /**
   * The stop reason for a finish reason.
   *
   * @param tools whether the answer calls tools: OpenAI says {@code stop} when the tool was forced
   *     by name, and some compatible servers always do
   * @param refused whether the answer is a refusal, which the chat protocol finishes with {@code
   *     stop}
   */
  static String toMessages(String finishReason, boolean tools, boolean refused) {
    return switch (finishReason) {
      case "stop" -> refused ? "refusal" : tools ? "tool_use" : "end_turn";
      case "tool_calls", "function_call" -> "tool_use";
      case "content_filter" -> "refusal";
      case "length" -> "max_tokens";
      default -> "max_tokens";
    };
  }
}
