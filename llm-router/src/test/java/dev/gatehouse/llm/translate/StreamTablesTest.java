package dev.gatehouse.llm.translate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Streams by table, and what happens to events that are none. */
class StreamTablesTest {

  @TestFactory
  Stream<DynamicTest> messageStreams() {
    return Table.tests(
        "message-streams.json",
        row -> {
          boolean usage = !row.containsKey("withoutUsage");
          StreamTranslator stream =
              Table.CHAT_TO_MESSAGES.stream(
                  Map.of("stream_options", Map.of("include_usage", usage)));
          List<Object> client = new ArrayList<>();
          for (SseEvent event : run(stream, row)) {
            assertThat(event.name()).isEmpty();
            client.add(briefChunk(event.data()));
          }
          assertThat(client).isEqualTo(Table.normal(row.get("client")));
        });
  }

  @TestFactory
  Stream<DynamicTest> chatStreams() {
    return Table.tests(
        "chat-streams.json",
        row -> {
          List<Object> client = new ArrayList<>();
          for (SseEvent event : run(Table.MESSAGES_TO_CHAT.stream(), row)) {
            Map<String, Object> data = Table.object(Table.parse(event.data()));
            assertThat(event.name()).isEqualTo(data.get("type"));
            client.add(row.containsKey("brief") ? briefEvent(data) : data);
          }
          assertThat(client).isEqualTo(Table.normal(row.get("client")));
        });
  }

  @Test
  void anEventThatIsNoJsonChangesNothing() {
    StreamTranslator stream = Table.MESSAGES_TO_CHAT.stream();
    assertThatThrownBy(() -> stream.event(SseEvent.unnamed("{\"secret\":")))
        .isInstanceOf(UnreadableReplyException.class)
        .hasMessageNotContaining("secret");
    stream.event(
        SseEvent.unnamed("{\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}]}"));
    assertThat(stream.end()).last().extracting(SseEvent::name).isEqualTo("message_stop");
  }

  @Test
  void anEventOfTheWrongShapeIsUnreadable() {
    StreamTranslator chat = Table.MESSAGES_TO_CHAT.stream();
    assertUnreadable(chat, "[]");
    assertUnreadable(chat, "{\"choices\":[{\"index\":1,\"delta\":{}}]}");
    assertUnreadable(chat, "{\"choices\":[{\"index\":0,\"delta\":{\"content\":7}}]}");
    StreamTranslator messages = Table.CHAT_TO_MESSAGES.stream();
    assertUnreadable(messages, "{\"no\":\"type\"}");
    assertUnreadable(messages, "{\"type\":\"message_stop\"}");
    messages.event(
        SseEvent.unnamed(
            "{\"type\":\"message_start\",\"message\":{\"id\":\"i\",\"model\":\"m\"}}"));
    assertUnreadable(
        messages, "{\"type\":\"content_block_delta\",\"index\":0,\"delta\":{\"type\":\"x\"}}");
    assertUnreadable(messages, "{\"type\":\"content_block_stop\",\"index\":0}");
    assertUnreadable(messages, "{\"type\":\"content_block_start\"}");
  }

  @Test
  void aSurrogatePairCutInTwoComesTogetherAtTheClient() {
    StreamTranslator stream = Table.CHAT_TO_MESSAGES.stream();
    message(stream, "{\"type\":\"message_start\",\"message\":{\"id\":\"i\",\"model\":\"m\"}}");
    message(
        stream,
        "{\"type\":\"content_block_start\",\"index\":0,\"content_block\":{\"type\":\"text\"}}");
    for (String half : List.of("\\ud83d", "\\ude00")) {
      String delta = "{\"type\":\"text_delta\",\"text\":\"" + half + "\"}";
      assertThat(
              message(
                  stream, "{\"type\":\"content_block_delta\",\"index\":0,\"delta\":" + delta + "}"))
          .singleElement()
          .satisfies(event -> assertThat(event.data()).containsIgnoringCase(half));
    }
  }

  @Test
  void nothingComesAfterTheEnd() {
    StreamTranslator stream = Table.MESSAGES_TO_CHAT.stream();
    stream.end();
    assertThat(stream.end()).isEmpty();
    assertThat(stream.event(SseEvent.unnamed("not even JSON"))).isEmpty();
  }

  @Test
  void waitingArgumentsAreHeldUpToTheirLimit() {
    StreamTranslator stream = Table.MESSAGES_TO_CHAT.stream();
    stream.event(
        calls("{\"index\":0,\"id\":\"a\",\"function\":{\"name\":\"f\",\"arguments\":\"{\"}}"));
    String half = "1".repeat(ContentBlocks.WAITING_CHARS_MAX / 2);
    String next = "{\"index\":1,\"function\":{\"arguments\":\"%s\"}}";
    assertThat(stream.event(calls("{\"index\":1,\"id\":\"b\",\"function\":{\"name\":\"g\"}}")))
        .isEmpty();
    assertThat(stream.event(calls(next.formatted(half)))).isEmpty();
    assertThat(stream.event(calls(next.formatted(half)))).isEmpty();
    assertThat(stream.event(calls(next.formatted("1"))))
        .singleElement()
        .satisfies(
            event -> {
              assertThat(event.name()).isEqualTo("error");
              assertThat(event.data()).contains("" + ContentBlocks.WAITING_CHARS_MAX);
            });
  }

  @Test
  void oneToolCallTooManyEndsTheStream() {
    StreamTranslator stream = Table.MESSAGES_TO_CHAT.stream();
    for (int i = 0; i < ContentBlocks.CALLS_MAX; i++) {
      assertThat(stream.event(calls(call(i)))).noneMatch(event -> event.name().equals("error"));
    }
    assertThat(stream.event(calls(call(ContentBlocks.CALLS_MAX))))
        .singleElement()
        .extracting(SseEvent::name)
        .isEqualTo("error");
  }

  private static String call(int i) {
    return "{\"index\":" + i + ",\"id\":\"c" + i + "\",\"function\":{\"name\":\"f\"}}";
  }

  @Test
  void oneOpenBlockTooManyIsUnreadable() {
    StreamTranslator stream = Table.CHAT_TO_MESSAGES.stream();
    message(stream, "{\"type\":\"message_start\",\"message\":{\"id\":\"i\",\"model\":\"m\"}}");
    for (int i = 0; i < MessageBlocks.OPEN_BLOCKS_MAX; i++) {
      message(stream, textBlock(i));
    }
    assertUnreadable(stream, textBlock(MessageBlocks.OPEN_BLOCKS_MAX));
  }

  private static String textBlock(int i) {
    return "{\"type\":\"content_block_start\",\"index\":"
        + i
        + ",\"content_block\":{\"type\":\"text\"}}";
  }

  @Test
  void aLongRefusalStreamsWholeAndExplainsItselfInPart() {
    StreamTranslator stream = Table.MESSAGES_TO_CHAT.stream();
    String refusal = "x".repeat(ChatStreamToMessage.EXPLANATION_CHARS_MAX + 1);
    List<SseEvent> events =
        stream.event(
            SseEvent.unnamed(
                "{\"choices\":[{\"index\":0,\"delta\":{\"refusal\":\""
                    + refusal
                    + "\"},\"finish_reason\":\"stop\"}]}"));
    assertThat(events).anyMatch(event -> event.data().contains(refusal));
    assertThat(stream.end().getFirst().data())
        .contains(refusal.substring(1))
        .doesNotContain(refusal);
  }

  @Test
  void thinkingBeyondItsLimitIsStreamedButNotHeld() {
    StreamTranslator stream = Table.CHAT_TO_MESSAGES.stream();
    message(stream, "{\"type\":\"message_start\",\"message\":{\"id\":\"i\",\"model\":\"m\"}}");
    message(
        stream,
        "{\"type\":\"content_block_start\",\"index\":0,\"content_block\":{\"type\":\"thinking\"}}");
    String delta =
        "{\"type\":\"content_block_delta\",\"index\":0,\"delta\":{\"type\":\"thinking_delta\",\"thinking\":\"%s\"}}";
    String full = "x".repeat(MessageBlocks.THINKING_CHARS_MAX);
    assertThat(message(stream, delta.formatted(full))).hasSize(1);
    assertThat(message(stream, delta.formatted("y"))).hasSize(1);
    message(stream, "{\"type\":\"content_block_stop\",\"index\":0}");
    message(stream, "{\"type\":\"message_delta\",\"delta\":{\"stop_reason\":\"end_turn\"}}");
    assertThat(stream.end()).noneMatch(event -> event.data().contains("thinking_blocks"));
  }

  private static List<SseEvent> message(StreamTranslator stream, String data) {
    return stream.event(SseEvent.unnamed(data));
  }

  private static SseEvent calls(String call) {
    return SseEvent.unnamed(
        "{\"id\":\"i\",\"model\":\"m\",\"choices\":[{\"index\":0,\"delta\":{\"tool_calls\":[%s]}}]}"
            .formatted(call));
  }

  private static void assertUnreadable(StreamTranslator stream, String data) {
    assertThatThrownBy(() -> stream.event(SseEvent.unnamed(data)))
        .isInstanceOf(UnreadableReplyException.class);
  }

  private static List<SseEvent> run(StreamTranslator stream, Map<String, Object> row) {
    List<SseEvent> events = new ArrayList<>();
    for (Object upstream : Table.list(row.get("upstream"))) {
      String data = upstream instanceof String text ? text : Json.text(upstream);
      events.addAll(stream.event(SseEvent.unnamed(data)));
    }
    events.addAll(stream.end());
    assertThat(stream.failed())
        .as("failed says whether an error came out")
        .isEqualTo(
            events.getLast().name().equals("error")
                || events.getLast().data().startsWith("{\"error\""));
    return events;
  }

  /** A chunk without what all chunks of these tables share. */
  private static Object briefChunk(String data) {
    if (data.equals("[DONE]")) {
      return data;
    }
    Map<String, Object> chunk = Table.object(Table.parse(data));
    if (chunk.containsKey("error")) {
      return chunk;
    }
    assertThat(chunk)
        .containsEntry("id", "m")
        .containsEntry("model", "c")
        .containsEntry("object", "chat.completion.chunk")
        .containsEntry("created", 1_700_000_000);
    List<Object> choices = Table.list(chunk.get("choices"));
    if (choices.isEmpty()) {
      return Map.of("usage", Table.object(chunk.get("usage")));
    }
    Map<String, Object> choice = Table.object(choices.getFirst());
    assertThat(choice).containsEntry("index", 0).containsKeys("delta", "logprobs");
    Object finish = choice.get("finish_reason");
    return finish == null
        ? Map.of("delta", Table.object(choice.get("delta")))
        : Map.of("finish", finish);
  }

  /** An event without what the first row of the table shows in full. */
  private static Object briefEvent(Map<String, Object> data) {
    return switch (String.valueOf(data.get("type"))) {
      case "message_start", "message_stop" -> String.valueOf(data.get("type"));
      case "message_delta" ->
          Map.of("stop_reason", String.valueOf(Table.object(data.get("delta")).get("stop_reason")));
      default -> data;
    };
  }
}
