package dev.gatehouse.llm.translate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.gatehouse.llm.wire.Protocol;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * Every feature in every protocol of a client, carried to every other protocol of an upstream, or
 * refused by its name there; and every kind of answer carried back, whole and streamed.
 */
class MatrixTest {

  private static final Map<Protocol, String> MODELS =
      Map.of(
          Protocol.CHAT, "gpt-5.9",
          Protocol.MESSAGES, "claude-opus-4-6",
          Protocol.RESPONSES, "gpt-5.9");

  private static String name(Protocol protocol) {
    return protocol.name().toLowerCase(Locale.ROOT);
  }

  /** Each row in each direction that the row has words for. */
  private static Stream<DynamicTest> each(String file, String from, Check check) {
    List<DynamicTest> tests = new ArrayList<>();
    for (Map<String, Object> row : Table.rows(file)) {
      Map<String, Object> words = Table.object(row.get(from));
      for (Protocol client : Protocol.values()) {
        for (Protocol upstream : Protocol.values()) {
          Protocol speaker = from.equals("requests") ? client : upstream;
          if (client != upstream && words.containsKey(name(speaker))) {
            String way = name(client) + ">" + name(upstream);
            tests.add(
                DynamicTest.dynamicTest(
                    row.get("feature") + ": " + way,
                    () ->
                        check.check(
                            row, client, upstream, Table.object(words.get(name(speaker))))));
          }
        }
      }
    }
    assertThat(tests).hasSizeGreaterThan(12);
    return tests.stream();
  }

  private interface Check {
    void check(
        Map<String, Object> row, Protocol client, Protocol upstream, Map<String, Object> request)
        throws Exception;
  }

  @TestFactory
  Stream<DynamicTest> requests() {
    return each(
        "matrix-requests.json",
        "requests",
        (row, client, upstream, words) -> {
          Translation translation = Translations.between(client, upstream);
          Map<String, Object> request = words;
          String model = MODELS.getOrDefault(upstream, "");
          String way = name(client) + ">" + name(upstream);
          Map<String, Object> refused = Table.object(row.getOrDefault("refused", Map.of()));
          if (refused.containsKey(way)) {
            UntranslatableException refusal =
                catchThrowableOfType(
                    UntranslatableException.class, () -> translation.request(request, model));
            assertThat(refusal).as("a refusal of %s", refused.get(way)).isNotNull();
            assertThat(refusal.field()).isEqualTo(refused.get(way));
            assertThat(refusal).hasMessageStartingWith(refused.get(way) + ": ");
            return;
          }
          Map<String, Object> expected = Table.object(row.get("expect"));
          Map<String, Object> members =
              Table.object(expected.getOrDefault(way, expected.get(name(upstream))));
          Map<String, Object> sent = Table.parse(translation.request(request, model));
          assertThat(sent).containsEntry("model", model);
          members.forEach(
              (name, value) -> assertThat(sent.get(name)).as(name).isEqualTo(Table.normal(value)));
        });
  }

  @TestFactory
  Stream<DynamicTest> replies() {
    return each(
        "matrix-replies.json",
        "replies",
        (row, client, upstream, words) -> {
          Map<String, Object> reply =
              Translations.between(client, upstream).response(Map.of(), words);
          assertSays(row, Said.of(client, Table.object(Table.normal(reply))));
        });
  }

  @TestFactory
  Stream<DynamicTest> streams() {
    List<Map<String, Object>> all = Table.rows("matrix-replies.json");
    assertThat(all).anyMatch(row -> row.containsKey("streams"));
    return all.stream()
        .filter(row -> row.containsKey("streams"))
        .flatMap(
            row ->
                Stream.of(Protocol.values())
                    .flatMap(
                        client ->
                            Stream.of(Protocol.values())
                                .filter(upstream -> upstream != client)
                                .map(upstream -> streamed(row, client, upstream))));
  }

  private static DynamicTest streamed(Map<String, Object> row, Protocol client, Protocol upstream) {
    return DynamicTest.dynamicTest(
        row.get("feature") + ", streamed: " + name(client) + ">" + name(upstream),
        () -> {
          StreamTranslator translator =
              Translations.between(client, upstream).stream(
                  Map.of("stream_options", Map.of("include_usage", true)));
          List<SseEvent> out = new ArrayList<>();
          Map<String, Object> streams = Table.object(row.get("streams"));
          for (Object event : Table.list(streams.get(name(upstream)))) {
            out.addAll(translator.event(event(event)));
          }
          out.addAll(translator.end());
          assertThat(translator.failed()).isFalse();
          assertSays(row, Said.of(client, out));
        });
  }

  @SuppressWarnings("unchecked")
  private static SseEvent event(Object event) {
    if (event instanceof String text) {
      return SseEvent.unnamed(text);
    }
    Object type = ((Map<String, Object>) event).getOrDefault("type", "");
    return new SseEvent(type.toString(), Json.text(event));
  }

  private static void assertSays(Map<String, Object> row, Map<String, Object> said) {
    assertThat(Table.normal(said)).isEqualTo(Table.normal(row.get("says")));
  }

  // --- ends that are none ----------------------------------------------------------------------

  @TestFactory
  Stream<DynamicTest> aStreamCutAnywhereIsNeverComplete() {
    Map<String, Object> row = Table.rows("matrix-replies.json").getFirst();
    Map<String, Object> streams = Table.object(row.get("streams"));
    return Stream.of(Protocol.values())
        .flatMap(
            client ->
                Stream.of(Protocol.values())
                    .filter(upstream -> upstream != client)
                    .map(
                        upstream ->
                            DynamicTest.dynamicTest(
                                name(client) + ">" + name(upstream),
                                () ->
                                    cut(
                                        client,
                                        upstream,
                                        Table.list(streams.get(name(upstream)))))));
  }

  private static void cut(Protocol client, Protocol upstream, List<Object> events) {
    // behind these nothing is missing that says how the answer ended
    int whole =
        switch (upstream) {
          case CHAT -> 5;
          case MESSAGES -> 11;
          case RESPONSES -> 9;
        };
    for (int end = 1; end < whole; end++) {
      StreamTranslator translator = Translations.between(client, upstream).stream(Map.of());
      List<SseEvent> out = new ArrayList<>();
      events.subList(0, end).forEach(event -> out.addAll(translator.event(event(event))));
      out.addAll(translator.end());
      assertThat(translator.failed()).as("cut after %d", end).isTrue();
      assertThat(out.getLast().data()).contains("\"error\":{").contains("\"message\":");
      assertThat(out.toString())
          .doesNotContain("[DONE]", "message_stop", "response.completed", "response.incomplete");
    }
  }

  @Test
  void signedThinkingSurvivesAClientOfResponses() throws Exception {
    Translation translation = Translations.between(Protocol.RESPONSES, Protocol.MESSAGES);
    Map<String, Object> reply =
        Table.object(
            Table.parse(
                "{\"id\":\"msg_1\",\"model\":\"m\",\"role\":\"assistant\",\"content\":["
                    + "{\"type\":\"thinking\",\"thinking\":\"Hm\",\"signature\":\"sig\"},"
                    + "{\"type\":\"tool_use\",\"id\":\"c1\",\"name\":\"f\",\"input\":{}}],"
                    + "\"stop_reason\":\"tool_use\",\"usage\":{}}"));
    List<Object> input = new ArrayList<>();
    input.add(Map.of("role", "user", "content", "Hi"));
    input.addAll(Table.list(translation.response(Map.of(), reply).get("output")));
    input.add(Map.of("type", "function_call_output", "call_id", "c1", "output", "ok"));

    Map<String, Object> next =
        Table.parse(translation.request(Map.of("input", input), "claude-opus-4-6"));

    assertThat(Json.text(next))
        .contains(
            "[{\"type\":\"thinking\",\"thinking\":\"Hm\",\"signature\":\"sig\"},"
                + "{\"type\":\"tool_use\",\"id\":\"c1\"");
    assertThat(Json.text(Translations.withoutForeign(Protocol.RESPONSES, Map.of("input", input))))
        .contains("function_call")
        .doesNotContain("\"reasoning\"");
  }

  @Test
  void thinkingThatSomebodyMadeUpIsLeftOut() {
    assertThat(SealedThinking.open("gatehouse.%%%")).isEmpty();
    assertThat(SealedThinking.open("gatehouse.e30")).isEmpty();
    assertThat(SealedThinking.open("gAAAAB")).isEmpty();
  }
}
