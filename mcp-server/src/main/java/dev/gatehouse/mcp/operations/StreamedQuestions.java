package dev.gatehouse.mcp.operations;

import dev.gatehouse.core.tool.ClientRefusedException;
import dev.gatehouse.core.tool.ClientRequest;
import dev.gatehouse.mcp.asking.Answers;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;

/** Questions that travel as requests of ours, one for each, and are answered by responses. */
final class StreamedQuestions {

  private StreamedQuestions() {}

  /** Asks them all; fails as soon as one is not answered, and takes the others back. */
  static CompletionStage<Map<String, Object>> ask(
      Replier request, Map<String, ClientRequest> questions, Duration most) {
    CompletableFuture<Map<String, Object>> all = new CompletableFuture<>();
    CompletableFuture<Boolean> over = new CompletableFuture<>();
    CompletionStage<Map<String, Object>> answered =
        CompletableFuture.completedStage(new LinkedHashMap<>());
    for (Map.Entry<String, ClientRequest> question : questions.entrySet()) {
      if (over.isDone()) {
        break; // one could not even be put
      }
      CompletionStage<Map<String, Object>> one = one(request, question.getValue(), most, over);
      var _ =
          one.whenComplete(
              (_, refused) -> {
                if (refused != null && over.complete(true)) { // the others first
                  all.completeExceptionally(cause(refused));
                }
              });
      answered =
          one.thenCombine(
              answered,
              (answer, answers) -> {
                answers.put(question.getKey(), answer);
                return answers;
              });
    }
    var _ = answered.thenAccept(all::complete);
    return all;
  }

  private static Throwable cause(Throwable refused) {
    return refused instanceof CompletionException && refused.getCause() != null
        ? refused.getCause()
        : refused;
  }

  private static CompletionStage<Map<String, Object>> one(
      Replier request, ClientRequest question, Duration most, CompletionStage<?> over) {
    return request
        .asker()
        .orElseThrow()
        .ask(question, request::send, most, over)
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
