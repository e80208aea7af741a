package dev.gatehouse.llm.translate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Requests by table: what is carried and how, and what is refused by which name. */
class RequestTablesTest {

  @TestFactory
  Stream<DynamicTest> chatRequests() {
    return Table.tests(
        "chat-requests.json", row -> check(row, Table.CHAT_TO_MESSAGES, "claude-opus-4-6"));
  }

  @TestFactory
  Stream<DynamicTest> messagesRequests() {
    return Table.tests(
        "messages-requests.json", row -> check(row, Table.MESSAGES_TO_CHAT, "gpt-4o"));
  }

  private static void check(Map<String, Object> row, Translation translation, String defaultModel)
      throws UntranslatableException {
    Map<String, Object> input = Table.object(row.get("input"));
    String model = (String) row.getOrDefault("model", defaultModel);
    String before = Json.text(input);
    if (row.containsKey("refused")) {
      UntranslatableException refusal =
          catchThrowableOfType(
              UntranslatableException.class, () -> translation.request(input, model));
      assertThat(refusal).as("refusal of %s", before).isNotNull();
      assertThat(refusal.field()).isEqualTo(row.get("refused"));
      assertThat(refusal).hasMessageStartingWith(row.get("refused") + ": ");
    } else {
      assertThat(Table.parse(translation.request(input, model)))
          .isEqualTo(Table.normal(row.get("expect")));
    }
    assertThat(Json.text(input)).as("the client's request is untouched").isEqualTo(before);
  }
}
