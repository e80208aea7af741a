package dev.gatehouse.mcp.legacy;

import dev.gatehouse.core.tool.ClientRefusedException;
import dev.gatehouse.core.tool.ClientRequest;
import dev.gatehouse.mcp.asking.Answers;
import dev.gatehouse.mcp.requests.Asker;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Predicate;

/** Questions that travel as requests of ours, one for each, and are answered by responses. */
record StreamedQuestions(SessionQuestions session) implements Asker {

  /** Asks them all; as soon as one is not answered, the others are taken back. */
  @Override
  public CompletionStage<Map<String, Object>> ask(
      Map<String, ClientRequest> questions, Predicate<byte[]> stream, Duration most) {
    CompletableFuture<Map<String, Object>> all = new CompletableFuture<>();
    CompletableFuture<Boolean> over = new CompletableFuture<>();
    CompletionStage<Map<String, Object>> answered =
        CompletableFuture.completedStage(new LinkedHashMap<>());
    for (Map.Entry<String, ClientRequest> question : questions.entrySet()) {
      if (over.isDone()) {
        break; // one could not even be put
      }
      CompletionStage<Map<String, Object>> one =
          session
              .ask(question.getValue(), stream, most, over)
              .thenApply(answer -> fitting(question.getValue(), answer));
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

  @Override
  public void tell(String method, Map<String, Object> params, Predicate<byte[]> stream) {
    session.tell(method, params, stream);
  }

  private static Map<String, Object> fitting(ClientRequest question, Map<String, Object> answer) {
    if (!Answers.fits(question, answer)) {
      throw new ClientRefusedException(
          -32602, "the client's answer does not fit " + question.method(), Map.of());
    }
    return answer;
  }

  private static Throwable cause(Throwable refused) {
    return refused instanceof CompletionException && refused.getCause() != null
        ? refused.getCause()
        : refused;
  }
}
