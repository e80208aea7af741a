package dev.gatehouse.connectors;

import dev.gatehouse.core.tool.ClientRefusedException;
import dev.gatehouse.core.tool.ClientRequest;
import dev.gatehouse.core.tool.ToolListener;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;

/** A caller's side that keeps what it hears and can cancel. */
final class Recorder implements ToolListener {

  final List<Map<String, Object>> progress = new CopyOnWriteArrayList<>();
  final List<Map<String, Object>> messages = new CopyOnWriteArrayList<>();
  final CompletableFuture<String> cancel = new CompletableFuture<>();
  private final boolean wantsProgress;

  Recorder(boolean wantsProgress) {
    this.wantsProgress = wantsProgress;
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
    return Map.of();
  }

  @Override
  public CompletionStage<Map<String, Object>> ask(Map<String, ClientRequest> questions) {
    return CompletableFuture.failedStage(
        new ClientRefusedException(-32601, "this client takes no questions", Map.of()));
  }

  @Override
  public void takesLong() {}

  @Override
  public boolean wantsProgress() {
    return wantsProgress;
  }

  @Override
  public CompletionStage<String> cancelled() {
    return cancel;
  }
}
