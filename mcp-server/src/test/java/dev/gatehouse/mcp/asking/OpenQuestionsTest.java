package dev.gatehouse.mcp.asking;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.core.tool.ClientRefusedException;
import dev.gatehouse.core.tool.ClientRequest;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class OpenQuestionsTest {

  private static final Map<String, Object> DECLINED = Map.of("action", "decline");

  private final OpenQuestions questions = new OpenQuestions(Map.of(), 3);

  @Test
  void keyIsNeverUsedTwiceSoThatALateAnswerClosesNoOtherQuestion() {
    CompletableFuture<Map<String, Object>> first = put("who");
    assertThat(questions.answer(Map.of("who", DECLINED))).isEmpty();
    assertThat(first).isCompletedWithValue(Map.of("who", DECLINED));

    CompletableFuture<Map<String, Object>> second = put("who");
    assertThat(questions.tree()).containsOnlyKeys("who-2");
    assertThat(questions.answer(Map.of("who", DECLINED))).isEmpty();
    assertThat(second).isNotDone();
    questions.answer(Map.of("who-2", DECLINED));
    assertThat(second).isCompletedWithValue(Map.of("who", DECLINED));
  }

  @Test
  void questionsThatWerePutTogetherAreAnsweredTogether() {
    CompletableFuture<Map<String, Object>> both = put("a", "b");
    questions.answer(Map.of("a", DECLINED));
    assertThat(both).isNotDone();
    assertThat(questions.tree()).containsOnlyKeys("b");
    questions.answer(Map.of("b", DECLINED));
    assertThat(both).isCompletedWithValue(Map.of("a", DECLINED, "b", DECLINED));
    assertThat(questions.isEmpty()).isTrue();
  }

  @Test
  void answerThatDoesNotFitIsNamedAndLeavesItsQuestionOpen() {
    CompletableFuture<Map<String, Object>> asked = put("who");
    assertThat(questions.answer(Map.of("who", "nobody", "what", 1))).isEqualTo(List.of("who"));
    assertThat(asked).isNotDone();
    assertThat(questions.tree()).containsOnlyKeys("who");
  }

  @Test
  void answerThatCameWithTheCallServesTheFirstQuestionOfItsKeyOnly() {
    OpenQuestions told = new OpenQuestions(Map.of("who", DECLINED), 3);
    assertThat(told.put(requests("who")).toCompletableFuture())
        .isCompletedWithValue(Map.of("who", DECLINED));
    assertThat(told.put(requests("who")).toCompletableFuture()).isNotDone();
  }

  @Test
  void openQuestionsAreBoundedAndAnsweredOnesMakeRoom() {
    var _ = put("a", "b", "c");
    assertThat(put("d")).isCompletedExceptionally();
    questions.answer(Map.of("a", DECLINED));
    assertThat(put("d")).isNotDone();
  }

  @Test
  void whatNobodyWillAnswerFailsOnceAndIsClosed() {
    CompletableFuture<Map<String, Object>> both = put("a", "b");
    questions.fail(new ClientRefusedException(-32603, "gone", Map.of()));
    assertThat(both).isCompletedExceptionally();
    assertThat(questions.isEmpty()).isTrue();
  }

  private CompletableFuture<Map<String, Object>> put(String... keys) {
    return questions.put(requests(keys)).toCompletableFuture();
  }

  private static Map<String, ClientRequest> requests(String... keys) {
    Map<String, ClientRequest> requests = new LinkedHashMap<>();
    for (String key : keys) {
      requests.put(
          key,
          new ClientRequest(
              "elicitation/create",
              Map.of(
                  "message",
                  key,
                  "requestedSchema",
                  Map.of("type", "object", "properties", Map.of()))));
    }
    return requests;
  }
}
