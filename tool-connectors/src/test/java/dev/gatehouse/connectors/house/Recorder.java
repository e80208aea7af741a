package dev.gatehouse.connectors.house;

import dev.gatehouse.core.tool.ClientRefusedException;
import dev.gatehouse.core.tool.ClientRequest;
import dev.gatehouse.core.tool.ToolListener;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

/** A caller's side that keeps what it hears and can cancel. */
public final class Recorder implements ToolListener {

  public final List<Map<String, Object>> progress = new CopyOnWriteArrayList<>();
  public final List<Map<String, Object>> messages = new CopyOnWriteArrayList<>();
  public final CompletableFuture<String> cancel = new CompletableFuture<>();
  public final List<String> elicited = new CopyOnWriteArrayList<>();
  public final List<ClientRequest> asked = new CopyOnWriteArrayList<>();

  public final AtomicInteger longCalls = new AtomicInteger();
  public volatile Map<String, Object> capabilities = Map.of();

  /** How this client answers; it refuses unless a test says otherwise. */
  public volatile Function<Map<String, ClientRequest>, CompletionStage<Map<String, Object>>>
      answer =
          _ ->
              CompletableFuture.failedStage(
                  new ClientRefusedException(-32601, "this client takes no questions", Map.of()));

  private final boolean wantsProgress;

  public Recorder(boolean wantsProgress) {
    this.wantsProgress = wantsProgress;
  }

  /** A client that gives this result to every question. */
  public static Recorder answering(Map<String, Object> result) {
    Recorder recorder = new Recorder(false);
    recorder.answer =
        questions -> {
          Map<String, Object> answers = new HashMap<>();
          questions.keySet().forEach(key -> answers.put(key, result));
          return CompletableFuture.completedStage(answers);
        };
    return recorder;
  }

  @Override
  public void progress(Map<String, Object> params) {
    progress.add(params);
  }

  @Override
  public void message(Map<String, Object> params) {
    messages.add(params);
  }

  @Override
  public Map<String, Object> capabilities() {
    return capabilities;
  }

  @Override
  public CompletionStage<Map<String, Object>> ask(Map<String, ClientRequest> questions) {
    asked.addAll(questions.values());
    return answer.apply(questions);
  }

  @Override
  public void elicitationComplete(String elicitationId) {
    elicited.add(elicitationId);
  }

  @Override
  public void takesLong() {
    longCalls.incrementAndGet();
  }

  @Override
  public String logLevel() {
    return "";
  }

  @Override
  public boolean wantsProgress() {
    return wantsProgress;
  }

  @Override
  public CompletionStage<String> cancelled() {
    return cancel;
  }
}
