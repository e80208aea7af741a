package dev.gatehouse.gateway.state;

import dev.gatehouse.core.tool.ClientRefusedException;
import dev.gatehouse.core.tool.ClientRequest;
import dev.gatehouse.core.tool.ToolListener;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** The caller's side of a read that the gateway makes: nobody is there to be told or asked. */
final class SilentListener implements ToolListener {

  private final CompletableFuture<String> never = new CompletableFuture<>();

  @Override
  public void progress(Map<String, Object> params) {}

  @Override
  public void message(Map<String, Object> params) {}

  @Override
  public String logLevel() {
    return "";
  }

  @Override
  public Map<String, Object> capabilities() {
    return Map.of();
  }

  @Override
  public CompletionStage<Map<String, Object>> ask(Map<String, ClientRequest> questions) {
    return CompletableFuture.failedStage(
        new ClientRefusedException(
            ClientRefusedException.MISSING_CAPABILITY,
            "the gateway reads a state and answers no questions",
            Map.of()));
  }

  @Override
  public void takesLong() {}

  @Override
  public void elicitationComplete(String elicitationId) {}

  @Override
  public boolean wantsProgress() {
    return false;
  }

  @Override
  public CompletionStage<String> cancelled() {
    return never;
  }
}
