package dev.gatehouse.mcp.calls;

import dev.gatehouse.core.audit.AuditReceipt;
import dev.gatehouse.core.tool.ClientRefusedException;
import dev.gatehouse.core.tool.ClientRequest;
import dev.gatehouse.core.tool.ToolListener;
import dev.gatehouse.mcp.requests.LogLevel;
import dev.gatehouse.mcp.waiting.Caller;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;

/**
 * The caller's side of a running call: passes notifications and questions on to the client, but
 * none before the call's intent is durable.
 */
final class CallListener implements ToolListener {

  private final Caller caller;
  private final CompletionStage<AuditReceipt> durable;
  private final CompletionStage<String> cancelled;
  private final int heldMax;
  private final int progressBase;
  private final List<Runnable> held = new ArrayList<>(0);
  private boolean open;

  /**
   * @param durable the call's intent
   * @param cancelled completes when the caller cancels
   * @param progressBase progress that the client was told already; progress only ever grows
   */
  CallListener(
      Caller caller,
      CompletionStage<AuditReceipt> durable,
      CompletionStage<String> cancelled,
      int heldMax,
      int progressBase) {
    this.caller = caller;
    this.durable = durable;
    this.cancelled = cancelled;
    this.heldMax = heldMax;
    this.progressBase = progressBase;
  }

  /** Whether the client wants any notification at all. */
  boolean relays() {
    return caller.streams()
        && (caller.meta().progressToken().isPresent() || caller.meta().logLevel().isPresent());
  }

  /** The intent is durable: what was held goes out. Called on the loop. */
  void open() {
    open = true;
    held.forEach(Runnable::run);
    held.clear();
  }

  @Override
  public void progress(Map<String, Object> params) {
    caller
        .meta()
        .progressToken()
        .ifPresent(
            token -> {
              Map<String, Object> relayed = new LinkedHashMap<>(params);
              relayed.put("progressToken", token);
              shift(relayed, "progress");
              shift(relayed, "total");
              send("notifications/progress", relayed);
            });
  }

  @Override
  public void message(Map<String, Object> params) {
    LogLevel level = LogLevel.of(params.getOrDefault("level", "")).orElse(LogLevel.INFO);
    if (caller.meta().logLevel().filter(least -> level.compareTo(least) >= 0).isPresent()) {
      send("notifications/message", params);
    }
  }

  @Override
  public String logLevel() {
    return caller.streams() ? caller.meta().logLevel().map(LogLevel::wireName).orElse("") : "";
  }

  @Override
  public Map<String, Object> capabilities() {
    return caller.meta().capabilities().tree();
  }

  @Override
  public CompletionStage<Map<String, Object>> ask(Map<String, ClientRequest> questions) {
    CompletableFuture<Map<String, Object>> answers = new CompletableFuture<>();
    caller.await(
        durable,
        (receipt, _) -> {
          if (receipt == null) {
            answers.completeExceptionally(
                new ClientRefusedException(-32603, "the call could not be recorded", Map.of()));
            return;
          }
          open();
          var _ =
              caller
                  .ask(questions)
                  .whenComplete(
                      (answered, refused) -> {
                        if (refused == null) {
                          answers.complete(answered);
                        } else {
                          answers.completeExceptionally(
                              refused instanceof CompletionException && refused.getCause() != null
                                  ? refused.getCause()
                                  : refused);
                        }
                      });
        });
    return answers;
  }

  @Override
  public void takesLong() {
    caller.await(
        durable,
        (receipt, _) -> {
          if (receipt != null) {
            caller.task().begin("", Duration.ZERO);
          }
        });
  }

  @Override
  public void elicitationComplete(String elicitationId) {
    caller.await(
        durable,
        (receipt, _) -> {
          if (receipt != null) {
            caller.elicitationComplete(elicitationId);
          }
        });
  }

  @Override
  public boolean wantsProgress() {
    return caller.streams() && caller.meta().progressToken().isPresent();
  }

  @Override
  public CompletionStage<String> cancelled() {
    return cancelled;
  }

  private void shift(Map<String, Object> params, String member) {
    if (progressBase > 0 && params.get(member) instanceof Number value) {
      params.put(member, value.doubleValue() + progressBase);
    }
  }

  private void send(String method, Map<String, Object> params) {
    caller.run(
        () -> {
          Runnable notify = () -> caller.notify(method, params);
          if (open) {
            notify.run();
          } else if (held.size() < heldMax) {
            held.add(notify);
          }
        });
  }
}
