package dev.gatehouse.connectors.call;

import dev.gatehouse.core.tool.ClientRequest;
import dev.gatehouse.core.tool.ToolListener;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

/** The caller's side of a call, behind the scan of what the upstream sends there. */
public record ScannedListener(ToolListener caller, CallScan scan) implements ToolListener {

  @Override
  public void progress(Map<String, Object> params) {
    pass("/progress", params, caller::progress);
  }

  @Override
  public void message(Map<String, Object> params) {
    pass("/log", params, caller::message);
  }

  private void pass(String kind, Map<String, Object> params, Consumer<Map<String, Object>> to) {
    if (CallScan.large(params)) {
      Thread.ofVirtual().name("mcp-scan").start(() -> passNow(kind, params, to));
    } else {
      passNow(kind, params, to);
    }
  }

  private void passNow(String kind, Map<String, Object> params, Consumer<Map<String, Object>> to) {
    Map<String, Object> scanned = scan.notification(kind, params);
    if (!scanned.isEmpty()) {
      to.accept(scanned);
    }
  }

  @Override
  public CompletionStage<Map<String, Object>> ask(Map<String, ClientRequest> questions) {
    if (questions.values().stream().anyMatch(question -> CallScan.large(question.params()))) {
      CompletableFuture<Map<String, ClientRequest>> scanned = new CompletableFuture<>();
      Thread.ofVirtual()
          .name("mcp-scan")
          .start(
              () -> {
                try {
                  scanned.complete(scanned(questions));
                } catch (Throwable e) {
                  scanned.completeExceptionally(e);
                }
              });
      return scanned.thenCompose(caller::ask);
    }
    Map<String, ClientRequest> scanned;
    try {
      scanned = scanned(questions);
    } catch (RuntimeException e) {
      return CompletableFuture.failedStage(e);
    }
    return caller.ask(scanned);
  }

  private Map<String, ClientRequest> scanned(Map<String, ClientRequest> questions) {
    Map<String, ClientRequest> scanned = new LinkedHashMap<>();
    questions.forEach(
        (key, question) ->
            scanned.put(
                key, new ClientRequest(question.method(), scan.question(question.params()))));
    return scanned;
  }

  @Override
  public String logLevel() {
    return caller.logLevel();
  }

  @Override
  public Map<String, Object> capabilities() {
    return caller.capabilities();
  }

  @Override
  public void takesLong() {
    caller.takesLong();
  }

  @Override
  public void elicitationComplete(String elicitationId) {
    caller.elicitationComplete(elicitationId);
  }

  @Override
  public boolean wantsProgress() {
    return caller.wantsProgress();
  }

  @Override
  public CompletionStage<String> cancelled() {
    return caller.cancelled();
  }
}
