package dev.gatehouse.mcp.asking;

import dev.gatehouse.core.tool.ClientRefusedException;
import dev.gatehouse.core.tool.ClientRequest;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * The questions of one call that its client has not answered yet, under the keys that the client
 * sees. A key is never used twice in a call's life, so that a late answer closes no other question.
 * Confined to the call's loop.
 */
public final class OpenQuestions {

  private final int max;
  private final Map<String, Question> open = new LinkedHashMap<>();
  private final Set<String> used = new HashSet<>();
  private final Map<String, Object> given;

  /** Questions that were put together and are answered together. */
  private static final class Batch {
    final Map<String, Object> answers = new LinkedHashMap<>();
    final CompletableFuture<Map<String, Object>> answered = new CompletableFuture<>();
    int missing;
  }

  private record Question(String upstreamKey, ClientRequest request, Batch batch) {
    void close(Object answer) {
      batch.answers.put(upstreamKey, answer);
      if (--batch.missing == 0) {
        batch.answered.complete(batch.answers);
      }
    }
  }

  /**
   * @param given answers that came with the call itself, before anything was asked
   * @param max most questions open at once
   */
  public OpenQuestions(Map<?, ?> given, int max) {
    this.max = max;
    this.given = new LinkedHashMap<>();
    given.forEach((key, answer) -> this.given.put(String.valueOf(key), answer));
  }

  /**
   * Opens questions; the stage brings the answers under the same keys, or fails with {@link
   * ClientRefusedException} when too many would be open.
   */
  public CompletionStage<Map<String, Object>> put(Map<String, ClientRequest> questions) {
    if (open.size() + questions.size() > max) {
      return CompletableFuture.failedStage(
          new ClientRefusedException(
              -32603, "more than questionsMax " + max + " questions would be open", Map.of()));
    }
    Batch batch = new Batch();
    batch.missing = questions.size();
    questions.forEach(
        (key, request) -> {
          Question question = new Question(key, request, batch);
          Object early = given.remove(key);
          if (early != null && Answers.fits(request, early)) {
            question.close(early);
          } else {
            open.put(fresh(key), question);
          }
        });
    if (questions.isEmpty()) {
      batch.answered.complete(Map.of());
    }
    return batch.answered;
  }

  /** Whether the client has answered everything. */
  public boolean isEmpty() {
    return open.isEmpty();
  }

  /** The open questions as MCP {@code InputRequests}. */
  public Map<String, Object> tree() {
    Map<String, Object> tree = new LinkedHashMap<>();
    open.forEach(
        (key, question) -> {
          Map<String, Object> request = LinkedHashMap.newLinkedHashMap(2);
          request.put("method", question.request().method());
          request.put("params", question.request().params());
          tree.put(key, request);
        });
    return tree;
  }

  /**
   * Takes the answers that fit; what nobody asked for is ignored.
   *
   * @return the keys of open questions whose answers do not fit
   */
  public List<String> answer(Map<?, ?> answers) {
    List<String> unfit = new ArrayList<>();
    answers.forEach(
        (key, answer) -> {
          Question question = open.get(String.valueOf(key));
          if (question == null) {
            return;
          }
          if (Answers.fits(question.request(), answer)) {
            open.remove(String.valueOf(key));
            question.close(answer);
          } else {
            unfit.add(String.valueOf(key));
          }
        });
    return unfit;
  }

  /** Nobody will answer any more. */
  public void fail(ClientRefusedException why) {
    List<Question> left = List.copyOf(open.values());
    open.clear();
    left.forEach(question -> question.batch().answered.completeExceptionally(why));
  }

  private String fresh(String key) {
    String candidate = key;
    for (int i = 2; !used.add(candidate); i++) {
      candidate = key + '-' + i;
    }
    return candidate;
  }
}
