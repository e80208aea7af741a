package dev.gatehouse.mcp.operations;

import dev.gatehouse.core.tool.ClientRefusedException;
import dev.gatehouse.core.tool.ClientRequest;
import dev.gatehouse.mcp.asking.Answers;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Questions that travel as requests of ours, one for each, and are answered by responses. */
final class StreamedQuestions {

  private StreamedQuestions() {}

  /** Asks them all; fails when any of them is not answered. */
  static CompletionStage<Map<String, Object>> ask(
      Replier request, Map<String, ClientRequest> questions, Duration most) {
    CompletionStage<Map<String, Object>> all =
        CompletableFuture.completedStage(new LinkedHashMap<>());
    for (Map.Entry<String, ClientRequest> question : questions.entrySet()) {
      all =
          one(request, question.getValue(), most)
              .thenCombine(
                  all,
                  (answer, answers) -> {
                    answers.put(question.getKey(), answer);
                    return answers;
                  });
    }
    return all;
  }

  private static CompletionStage<Map<String, Object>> one(
      Replier request, ClientRequest question, Duration most) {
    return request
        .asker()
        .orElseThrow()
        .ask(question, request::send, most)
        .thenApply(
            answer -> {
              if (!Answers.fits(question, answer)) {
                throw new ClientRefusedException(
                    -32602, "the client's answer does not fit " + question.method(), Map.of());
              }
              return answer;
            });
  }
}
