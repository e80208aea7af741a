package dev.gatehouse.llm.translate;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What holds for every request and every stream, shown over seeds; a failure names its seed. */
class TranslationPropertiesTest {

  private static final int SEEDS = 300;

  @Test
  void everyTranslatedChatRequestIsAMessagesRequest() {
    each(
        (seed, talk) -> {
          Map<String, Object> request = talk.chatRequest();
          String model = seed % 2 == 0 ? "claude-opus-4-6" : "claude-sonnet-4-5";
          try {
            Rules.messages(Table.parse(Table.CHAT_TO_MESSAGES.request(request, model)));
          } catch (UntranslatableException refusal) {
            // The first or the last words may all have been blank.
            assertThat(refusal.field()).matches("messages(\\[\\d+].role)?");
          }
        });
  }

  @Test
  void everyTranslatedMessagesRequestIsAChatRequest() {
    each(
        (_, talk) ->
            Rules.chat(Table.parse(Table.MESSAGES_TO_CHAT.request(talk.messagesRequest(), "m"))));
  }

  @Test
  void aStreamedMessageSaysWhatTheWholeOneSays() {
    each(
        (_, talk) -> {
          List<Object> calls = new ArrayList<>();
          List<Object> blocks = talk.messageBlocks(calls);
          String stop = calls.isEmpty() ? "end_turn" : "tool_use";
          Map<String, Object> whole =
              Table.CHAT_TO_MESSAGES.response(
                  Map.of(),
                  Json.plain(
                      Json.object(
                          "id",
                          "i",
                          "model",
                          "m",
                          "content",
                          blocks,
                          "stop_reason",
                          stop,
                          "usage",
                          Map.of())));
          Map<String, Object> streamed =
              Streams.collectChunks(
                  Table.CHAT_TO_MESSAGES.stream(), Streams.ofMessage(blocks, stop, talk));
          Map<String, Object> choice =
              Table.object(Table.list(Table.object(Table.normal(whole)).get("choices")).getFirst());
          assertThat(streamed).isEqualTo(Streams.withoutNulls(choice));
        });
  }

  @Test
  void aStreamedChatAnswerSaysWhatTheWholeOneSays() {
    each(
        (_, talk) -> {
          Map<String, @Nullable Object> answer = Streams.chatAnswer(talk);
          Map<String, Object> whole =
              Table.MESSAGES_TO_CHAT.response(
                  Map.of(),
                  Json.plain(
                      Json.object(
                          "id",
                          "i",
                          "model",
                          "m",
                          "choices",
                          List.of(Json.object("message", answer, "finish_reason", "stop")))));
          Map<String, Object> streamed =
              Streams.collectMessage(Table.MESSAGES_TO_CHAT.stream(), Streams.ofChat(answer, talk));
          assertThat(streamed).isEqualTo(Table.normal(whole));
        });
  }

  @FunctionalInterface
  private interface Property {
    void check(long seed, RandomTalk talk) throws UntranslatableException;
  }

  private static void each(Property property) {
    for (long seed = 0; seed < SEEDS; seed++) {
      try {
        property.check(seed, new RandomTalk(seed));
      } catch (UntranslatableException | RuntimeException | AssertionError e) {
        throw new AssertionError("seed " + seed, e);
      }
    }
  }
}
