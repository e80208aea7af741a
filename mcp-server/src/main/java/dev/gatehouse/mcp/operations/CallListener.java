package dev.gatehouse.mcp.operations;

import dev.gatehouse.core.tool.ClientRefusedException;
import dev.gatehouse.core.tool.ClientRequest;
import dev.gatehouse.core.tool.ToolListener;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * The caller's side of a running call: passes notifications on to the client, but none before the
 * call's intent is durable.
 */
final class CallListener implements ToolListener {

  private final Replier replier;
  private final RequestMeta meta;
  private final CompletionStage<String> cancelled;
  private final int heldMax;
  private final int progressBase;
  private final List<Runnable> held = new ArrayList<>(0);
  private boolean open;

  /**
   * @param cancelled completes when the caller cancels
   * @param progressBase progress that the client was told already; progress only ever grows
   */
  CallListener(
      Replier replier,
      RequestMeta meta,
      CompletionStage<String> cancelled,
      int heldMax,
      int progressBase) {
    this.replier = replier;
    this.meta = meta;
    this.cancelled = cancelled;
    this.heldMax = heldMax;
    this.progressBase = progressBase;
  }

  /** Whether the client wants any notification at all. */
  boolean relays() {
    return replier.streams() && (meta.progressToken().isPresent() || meta.logLevel().isPresent());
  }

  /** The intent is durable: what was held goes out. Called on the loop. */
  void open() {
    open = true;
    held.forEach(Runnable::run);
    held.clear();
  }

  @Override
  public void progress(Map<String, Object> params) {
    meta.progressToken()
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
    if (meta.logLevel().filter(least -> level.compareTo(least) >= 0).isPresent()) {
      send("notifications/message", params);
    }
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
    return replier.streams() && meta.progressToken().isPresent();
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
    replier.run(
        () -> {
          Runnable notify = () -> replier.notify(method, params);
          if (open) {
            notify.run();
          } else if (held.size() < heldMax) {
            held.add(notify);
          }
        });
  }
}
