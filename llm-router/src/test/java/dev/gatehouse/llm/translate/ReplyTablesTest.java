package dev.gatehouse.llm.translate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Whole replies by table, and every way an answer can end. */
class ReplyTablesTest {

  @TestFactory
  Stream<DynamicTest> messageReplies() {
    return Table.tests("message-replies.json", row -> check(row, Table.CHAT_TO_MESSAGES));
  }

  @TestFactory
  Stream<DynamicTest> chatReplies() {
    return Table.tests("chat-replies.json", row -> check(row, Table.MESSAGES_TO_CHAT));
  }

  private static void check(Map<String, Object> row, Translation translation) {
    Map<String, Object> input = Table.object(row.get("input"));
    if (row.containsKey("unreadable")) {
      assertThatThrownBy(() -> translation.response(Map.of(), input))
          .isInstanceOf(UnreadableReplyException.class)
          .hasMessageContaining((String) row.get("unreadable"));
    } else {
      assertThat(Table.normal(translation.response(Map.of(), input)))
          .isEqualTo(Table.normal(row.get("expect")));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "end_turn, stop",
    "stop_sequence, stop",
    "max_tokens, length",
    "model_context_window_exceeded, length",
    "tool_use, tool_calls",
    "refusal, content_filter",
    "pause_turn, length",
    "compaction, length",
    "something_new, length"
  })
  void everyStopReasonHasAFinishReason(String stopReason, String finishReason) {
    assertThat(Endings.toChat(stopReason)).isEqualTo(finishReason);
  }

  @ParameterizedTest
  @CsvSource({
    "stop, false, false, end_turn",
    "stop, true, false, tool_use",
    "stop, false, true, refusal",
    "length, true, false, max_tokens",
    "tool_calls, true, false, tool_use",
    "function_call, true, false, tool_use",
    "content_filter, false, false, refusal",
    "something_new, false, false, max_tokens"
  })
  void everyFinishReasonHasAStopReason(
      String finishReason, boolean tools, boolean refused, String stopReason) {
    assertThat(Endings.toMessages(finishReason, tools, refused)).isEqualTo(stopReason);
  }
}
